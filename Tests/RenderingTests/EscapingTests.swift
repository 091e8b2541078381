import Backbones
import Datasets
import Documents
import Experiments
import Rendering
import Reports
import Testing

@Suite struct EscapingTests {
  static let attacks = [
    "<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>", "{{{body}}} {{title}}", "]]><!--", "\u{1B}[31mred\u{7}",
  ]

  @Test("text from data can be no markup in HTML", arguments: attacks)
  func html(attack: String) throws {
    let page = HTMLRenderer().render(try hostile(attack))
    for word in ["<script", "<img", "<svg onload", "]]>", "<!--", "\u{1B}", "\u{7}"] {
      #expect(!page.contains(word), "\(word)")
    }
    if attack.hasPrefix("{{{") { #expect(page.contains("<h1>{{{body}}} {{title}}</h1>")) }
  }

  @Test("text from data can be no raw HTML and no table border in Markdown", arguments: attacks)
  func markdown(attack: String) throws {
    // What stands between backticks, or behind a backslash, is text to every reader of Markdown.
    let text = MarkdownRenderer().render(try hostile(attack))
      .replacing(try Regex("`[^`\\n]*`"), with: "").replacing("\\<", with: "")
    for word in ["<script", "<img", "<svg", "\u{1B}"] { #expect(!text.contains(word), "\(word)") }
    let row = MarkdownRenderer().render(
      Document(title: "t", blocks: [.table(single("a|b\n|c|d"))]))
    #expect(row.contains("| a\\|b \\|c\\|d |"))
  }

  @Test("raw HTML in a note is shown as text")
  func rawHTML() {
    let note = "before <b>bold</b> after\n\n<script>alert(1)</script>\n\n<div onclick=\"x\">\n\nend"
    let page = body(note)
    #expect(page.contains("before &lt;b&gt;bold&lt;/b&gt; after"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("&lt;div onclick=&quot;x&quot;&gt;"))
    let text = MarkdownRenderer().render(Document(title: "t", blocks: [.note(markdown: note)]))
    #expect(!text.replacing("\\<", with: "").contains("<script"))
    #expect(text.contains("\\<script\\>"))
  }

  @Test(
    "links to anything but the web, mail and relative addresses lose their target",
    arguments: [
      "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\u{1}script:alert(1)",
      "&#106;avascript:alert(1)", "vbscript:x", "data:text/html,<script>", "file:///etc/passwd",
      "//evil.example/x",
    ])
  func links(target: String) {
    let page = body("[x](<\(target)>)")
    #expect(page.contains("<a href=\"\">x</a>") || !page.contains("<a "))
    let inline = HTMLRenderer().render(
      Document(title: "t", blocks: [.paragraph([.link(["x"], to: target)])]))
    #expect(!inline.contains("<a ") || target.hasPrefix("&#"))
    if target.hasPrefix("&#") { #expect(inline.contains("&amp;#106;")) }
  }

  @Test("good links stay, and images become links")
  func goodLinks() {
    #expect(body("[x](https://a.b/c?d=e&f)").contains("<a href=\"https://a.b/c?d=e&amp;f\">x</a>"))
    #expect(body("[x](figures/a.svg#b)").contains("<a href=\"figures/a.svg#b\">x</a>"))
    #expect(body("![alt](https://a.b/c.png)").contains("<a href=\"https://a.b/c.png\">alt</a>"))
  }

  @Test("LaTeX's special characters print as themselves")
  func latex() {
    let table = LaTeXRenderer().render(
      Document(title: "t\n\\evil", blocks: [.table(single("a_b % & # $x$ {y} ~ ^ \\input{z} 中"))]))
    #expect(
      table.contains(
        "a\\_b \\% \\& \\# \\$x\\$ \\{y\\} \\textasciitilde{} \\textasciicircum{} "
          + "\\textbackslash{}input\\{z\\} [U+4E2D]"))
    let comments = table.split(separator: "\n").prefix { $0.hasPrefix("%") }
    #expect(comments.first == "% t \\evil")
    #expect(comments.count == 3)
  }

  @Test("a terminal receives no control sequence from data")
  func terminal() throws {
    for attack in Self.attacks + ["\u{9B}31m", "a\u{202E}b"] {
      let text = TerminalRenderer().render(try hostile(attack))
      #expect(
        text.unicodeScalars.allSatisfy {
          $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{202E}"
        })
    }
  }

  @Test("fields of CSV with commas, quotes and line ends are quoted")
  func csv() {
    let text = CSVRenderer().render(single("a,\"b\"\nc"))
    #expect(text == "Name\r\n\"a,\"\"b\"\"\nc\"\r\n")
  }

  private func body(_ note: String) -> String {
    HTMLRenderer().render(Document(title: "t", blocks: [.note(markdown: note)]))
  }

  private func single(_ text: String) -> Table {
    Table(
      name: "t", caption: ["c"], columns: [TableColumn("Name", alignment: .leading)],
      groups: [RowGroup(rows: [[.text(text)]])])
  }

  /// The sample report with `attack` wherever text can come from.
  private func hostile(_ attack: String) throws -> Document {
    var results = SampleDocument.results
    results.experiment = attack
    for index in results.runs.indices {
      results.runs[index].spec.dataset = DatasetID(rawValue: "\(attack) \(index % 2)")
      results.runs[index].spec.method.name = attack
      results.runs[index].spec.method.hyperparameters[attack] = .string(attack)
      results.runs[index].spec.backbone = BackboneID(rawValue: attack)
      results.runs[index].failure?.message = attack
      results.runs[index].provenance.machine = attack
      results.runs[index].provenance.version = attack
    }
    var report = SampleDocument.report
    report.cells[0] = Note("# \(attack)\n\n\(attack)\n\n`\(attack)`")
    return try report.document(results)
  }
}
