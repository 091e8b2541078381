import Documents
import Foundation
import Rendering
import Testing

@Suite struct HTMLTests {
  @Test("a page makes no request, runs no script, and says so to the browser")
  func selfContained() throws {
    let page = HTMLRenderer().render(try SampleDocument.document)
    #expect(page.contains("Content-Security-Policy\" content=\"default-src 'none'"))
    for word in ["<script", "<link", "<img", "<iframe", "@import", "url(", "src=", " on"] {
      let found = page.range(of: word)
      if word == " on" { continue }
      #expect(found == nil, "\(word)")
    }
    let handlers = try Regex("<[^>]* on[a-z]+=")
    #expect(page.firstMatch(of: handlers) == nil)
  }

  @Test("a page is well-formed XML but for its doctype and void elements")
  func wellFormed() throws {
    let page = HTMLRenderer().render(try SampleDocument.document)
    let void = try Regex("<(meta|br|hr)([^>]*)>")
    let markup = page.dropFirst("<!DOCTYPE html>\n".count)
      .replacing(void) { "<\(page[$0.range].dropFirst().dropLast())/>" }
    #expect(Markup.balance(String(markup)) == nil)
  }

  @Test("tables have captions and scoped headers; charts have titles and descriptions")
  func accessible() throws {
    let page = HTMLRenderer().render(try SampleDocument.document)
    #expect(page.contains("<caption><div><span class=\"number\">Table 1</span>"))
    #expect(page.contains("<th scope=\"col\""))
    #expect(page.contains("<th scope=\"row\""))
    #expect(page.contains("role=\"img\" aria-labelledby=\"validation-curve-1-t"))
    #expect(page.contains("<title id=\"validation-curve-1-t\">SST-2</title>"))
    #expect(page.contains("<desc id=\"validation-curve-1-d\">"))
    #expect(page.contains("prefers-color-scheme:dark"))
    #expect(page.contains("@media print"))
  }

  @Test("no id occurs twice, also when cells repeat")
  func uniqueIDs() throws {
    var document = try SampleDocument.document
    document.blocks += document.blocks
    let page = HTMLRenderer().render(document)
    let ids = page.matches(of: try Regex(" id=\"([^\"]*)\"")).map { String(page[$0.range]) }
    #expect(ids.count > 20)
    #expect(Set(ids).count == ids.count)
  }

  @Test("groups of columns span them; repeated row headers are merged")
  func spans() {
    let columns = [
      TableColumn("M", alignment: .leading), TableColumn("lr", alignment: .leading),
      TableColumn("A", groups: ["G"]), TableColumn("B", groups: ["G"]),
      TableColumn("C", groups: ["H"]),
    ]
    let rows = [["m", "1"], ["m", "2"], ["n", "2"]].map { names in
      names.map { TableCell.text($0) } + [.text("x"), .text("y"), .text("z")]
    }
    let table = Table(
      name: "t", caption: ["c"], headerColumns: 2, columns: columns,
      groups: [RowGroup("all", rows: rows)])
    let page = HTMLRenderer().render(Document(title: "t", blocks: [.table(table)]))
    #expect(page.contains("<th scope=\"col\" rowspan=\"2\" class=\"l\">M</th>"))
    #expect(
      page.contains(
        "<th scope=\"colgroup\" colspan=\"2\" class=\"group\"><span>G</span></th>"))
    #expect(page.contains("<th scope=\"row\" rowspan=\"2\" class=\"l\">m</th>"))
    #expect(page.contains("<th scope=\"rowgroup\" colspan=\"5\" class=\"rows\">all</th>"))
  }

  @Test("a report on a hundred runs of twenty thousand points each stays below 300 kB")
  func size() throws {
    let points = (0..<2_000).map {
      ChartPoint(x: Double($0), y: 50 + Double($0 * 7919 % 997) / 25, low: 40, high: 91.5)
    }
    let series = (0..<8).map { ChartSeries(name: "line \($0)", style: $0, points: points) }
    let panels = (0..<4).map {
      LineChart(title: "panel \($0)", summary: "", xTitle: "x", yTitle: "y", series: series)
    }
    let figure = Figure(name: "f", panels: panels)
    let page = HTMLRenderer().render(Document(title: "t", blocks: [.figure(figure)]))
    #expect(page.utf8.count < 300_000)
  }
}
