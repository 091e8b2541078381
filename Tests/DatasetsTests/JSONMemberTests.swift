import DeptTesting
import Foundation
import Testing

@testable import Datasets

@Suite struct JSONMemberTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var object: String
    var text: String?
    var testDescription: String { object }
  }

  static let cases = [
    Case(object: #"{"id": 7}"#, text: "7"),
    Case(object: #"{ "x":[1,{"id":2}], "id" :-7.5e1,"y":0}"#, text: "-7.5e1"),
    Case(object: #"{"x": "id", "id": "a\"b", "y": 1}"#, text: #""a\"b""#),
    Case(object: #"{"x": "\"id\": 3"}"#, text: nil),
    Case(object: #"{"id": {"id": 3}}"#, text: nil),
    Case(object: #"{"id": [3]}"#, text: nil),
    Case(object: #"["id", 3]"#, text: nil),
    Case(object: #"["a", "id", 3]"#, text: nil),
    Case(object: #""id""#, text: nil),
    Case(object: "{}", text: nil),
    Case(object: "{\"id\":\n\t7\n}", text: "7"),
    Case(object: #"{"id""#, text: nil),
    Case(object: #"{"id": "open"#, text: #""open"#),
    Case(object: #"{"id"#, text: nil),
    Case(object: #"{""#, text: nil),
  ]

  @Test("a member of the object itself is found as it is written", arguments: cases)
  func member(_ expected: Case) {
    #expect(JSONMember.text(of: "id", in: Data(expected.object.utf8)) == expected.text)
  }

  @Test("elements that are not wanted are not decoded; those without the member are")
  func wanted() throws {
    struct Item: Decodable, Equatable {
      var id: Int
      var name: String
    }
    let folder = try TemporaryFolder()
    let file = try folder.write(#"[{"id": 1}, {"id": 2, "name": "b"}, {"id": 3}]"#, to: "file")
    var found: [String] = []
    try JSONElements(file).elements(Item.self, where: "id", { $0 == "2" }) { item, place in
      found.append("\(place.field) \(item.name)")
    }
    #expect(found == ["[1] b"])
    let bare = try folder.write(#"[{"name": "a"}]"#, to: "bare")
    #expect(
      throws: DatasetError.malformed(
        path: bare.path, line: 1, column: 2, field: "[0].id",
        "expected this field, found none")
    ) {
      try JSONElements(bare).elements(Item.self, where: "id", { _ in false }) { _, _ in }
    }
  }
}
