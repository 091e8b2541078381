import Documents
import Experiments
import Rendering
import Reports
import Testing

@Suite struct SnapshotTests {
  @Test("the sample report renders as recorded, in every format")
  func formats() throws {
    let document = try SampleDocument.document
    try Snapshot.check(HTMLRenderer().render(document), named: "report.html")
    try Snapshot.check(
      MarkdownRenderer(figures: .linked(folder: "figures")).render(document), named: "report.md")
    try Snapshot.check(LaTeXRenderer().render(document), named: "table.tex")
    try Snapshot.check(LaTeXRenderer(.article).render(document), named: "article.tex")
    try Snapshot.check(LaTeXMacros().render(document), named: "results.macros.tex")
    try Snapshot.check(TerminalRenderer().render(document), named: "report.txt")
    let tables = CSVRenderer().render(document)
    #expect(tables.map(\.name) == ["scores.csv", "cost.csv", "parameters.csv", "runs.csv"])
    try Snapshot.check(tables[0].csv, named: "scores.csv")
    let charts = SVGRenderer().render(document)
    #expect(charts.map(\.name).first == "validation-curve-1.svg")
    try Snapshot.check(charts[0].svg, named: "validation-curve-1.svg")
  }

  @Test("rendering twice gives the same bytes")
  func deterministic() throws {
    let (first, second) = (try SampleDocument.document, try SampleDocument.document)
    #expect(first == second)
    #expect(HTMLRenderer().render(first) == HTMLRenderer().render(second))
    #expect(MarkdownRenderer().render(first) == MarkdownRenderer().render(second))
    #expect(LaTeXRenderer(.article).render(first) == LaTeXRenderer(.article).render(second))
  }

  @Test("the order in which seeds finished leaves no trace")
  func seedOrder() throws {
    var results = SampleDocument.results
    for start in stride(from: 0, to: results.runs.count, by: 3) {
      results.runs.swapAt(start, start + 2)
    }
    var plain = SampleDocument.report
    plain.cells.removeLast()  // provenance lists runs in plan order
    let shuffled = try plain.document(results)
    let ordered = try plain.document(SampleDocument.results)
    #expect(HTMLRenderer().render(shuffled) == HTMLRenderer().render(ordered))
  }
}
