import Documents
import Rendering
import Testing

@Suite struct CellStateTests {
  private let document = Document(
    title: "t",
    blocks: [.state(.running, reason: "1 of <2> runs\nto come"), .paragraph(["numbers"])])

  @Test("a state is a line in every format, a comment in LaTeX, and escaped")
  func formats() {
    let page = HTMLRenderer().render(document)
    #expect(page.contains("<p class=\"state running\"><b>running</b> 1 of &lt;2&gt; runs"))
    #expect(page.contains(".state{"))
    let text = MarkdownRenderer().render(document)
    #expect(text.contains("*running: 1 of "))
    #expect(!text.contains("<2>"))
    for scope in [LaTeXRenderer.Scope.tables, .article] {
      let lines = LaTeXRenderer(scope).render(document).split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("% running: 1 of <2> runs") })
      #expect(!lines.contains { $0.hasPrefix("to come") })
    }
    #expect(TerminalRenderer().render(document).contains("running: 1 of <2> runs"))
  }

  @Test("what is fresh leaves no trace, not even in the style")
  func fresh() {
    let plain = Document(title: "t", blocks: [.paragraph(["numbers"])])
    let fresh = Document(title: "t", blocks: [.state(.fresh, reason: ""), .paragraph(["numbers"])])
    for format in ReportFiles.Format.allCases {
      #expect(ReportFiles(fresh).files([format]) == ReportFiles(plain).files([format]))
    }
    #expect(!HTMLRenderer().render(fresh).contains(".state"))
  }

  @Test("a page reads itself again only where that is asked for")
  func reloading() {
    #expect(!HTMLRenderer().render(document).contains("http-equiv=\"refresh\""))
    let page = HTMLRenderer(reloadsEvery: 2).render(document)
    #expect(page.contains("<meta http-equiv=\"refresh\" content=\"2\">"))
  }
}
