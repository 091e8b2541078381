import Datasets
import Foundation
import Testing

@Suite struct TemplateSyntaxTests {
  @Test("names stand for texts, doubled braces for braces, unknown names for nothing")
  func render() {
    let template: Template = "{{{a}}} {b b}{a}{c}{{}}"
    #expect(template.fields == ["a", "b b", "c"])
    #expect(template.render(["a": "{x}", "b b": "y"]) == "{{x}} y{x}{}")
  }

  @Test(
    "a brace without its partner, or without a name, is refused with the remedy",
    arguments: ["{", "a {b", "{}", "{a{b}", "x { {a}", "}", "a } b", "{a}}", "{{a}"])
  func mistakes(_ text: String) throws {
    let mistake = #expect(throws: Template.Mistake.self) { try Template(text) }
    let message = "\(try #require(mistake))"
    #expect(message.hasPrefix("the template '\(text)' has a '"))
    #expect(message.contains("write {name}"))
  }

  @Test("a template is kept as its text, and a wrong one is a problem wherever it is read")
  func coding() throws {
    let template: Template = "premise: {premise}"
    let data = try JSONEncoder().encode([template])
    #expect(String(decoding: data, as: UTF8.self) == #"["premise: {premise}"]"#)
    #expect(try JSONDecoder().decode([Template].self, from: data) == [template])
    let wrong = try JSONDecoder().decode([Template].self, from: Data(#"["{"]"#.utf8))
    #expect(Preparation(template: wrong[0]).problems(with: RTE()).count == 1)
  }
}
