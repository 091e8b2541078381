import Documents
import Foundation
import Testing

@Suite struct DocumentTests {
  @Test("a document survives the pipe between script and host unchanged")
  func roundTrip() throws {
    let cell = TableCell(
      .score(Statistic(mean: 85.04, deviation: 0.1, count: 3, decimals: 1)), rank: .best,
      remark: "n=2", marks: ["a"])
    let table = Table(
      name: "t", caption: [.strong(["T"]), .link(["x"], to: "https://a.b")],
      columns: [TableColumn("M", alignment: .leading), TableColumn("S", groups: ["GLUE"])],
      groups: [
        RowGroup("g", rows: [[.text("m"), cell], [TableCell(.failed), TableCell(.missing)]])
      ],
      footnotes: [Footnote("a", ["why"])])
    let chart = LineChart(
      title: "c", summary: "s", xTitle: "x", yTitle: "y",
      series: [
        ChartSeries(
          name: "l", style: 0, points: [ChartPoint(x: 1, y: nil), ChartPoint(x: 2, y: 3, low: 2)])
      ])
    let document = Document(
      title: "T", kicker: "k", facts: ["f"], digests: [Digest("a", "b")],
      blocks: [
        .heading(level: 2, text: ["h"]), .paragraph([.emphasis(["p"]), .code("c")]),
        .note(markdown: "*n*"), .table(table), .figure(Figure(name: "f", panels: [chart])),
        .definitions([Definition("t", "d")]), .list(ordered: true, items: [["i"]]),
        .code("let", language: "swift"), .details(summary: "s", blocks: [.paragraph(["x"])]),
      ])
    let data = try JSONEncoder().encode(document)
    #expect(try JSONDecoder().decode(Document.self, from: data) == document)
  }

  @Test("the plain text of inlines is what a reader sees")
  func plain() {
    let text: [Inline] = ["a ", .strong([.emphasis(["b"]), .code("c")]), .link(["d"], to: "e")]
    #expect(text.plain == "a bcd")
  }
}
