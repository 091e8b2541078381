import Documents
import Rendering
import Testing

@Suite struct ChartTests {
  @Test("a gap in a line stays a gap")
  func gaps() throws {
    let points = [1.0, 2, 3, 4, 5].map { ChartPoint(x: $0, y: $0 == 3 ? nil : $0) }
    let svg = try svg([ChartSeries(name: "l", style: 0, points: points)])
    #expect(svg.split(separator: "<path class=\"line s0\"").count == 4)  // two pieces and the key
  }

  @Test("bands are drawn where values vary, and only there")
  func bands() throws {
    let plain = [1.0, 2].map { ChartPoint(x: $0, y: $0) }
    let banded = [1.0, 2].map { ChartPoint(x: $0, y: $0, low: $0 - 1, high: $0 + 1) }
    #expect(!(try svg([ChartSeries(name: "l", style: 0, points: plain)])).contains("class=\"band"))
    #expect(try svg([ChartSeries(name: "l", style: 0, points: banded)]).contains("class=\"band f0"))
  }

  @Test("lines are told apart by more than colour")
  func styles() throws {
    let series = (0..<7).map { style in
      ChartSeries(
        name: "l\(style)", style: style, points: [ChartPoint(x: 0, y: 0), ChartPoint(x: 1, y: 1)])
    }
    let svg = try svg(series)
    for style in 1..<6 { #expect(svg.contains("class=\"line s\(style)\" stroke-dasharray")) }
    #expect(svg.contains("#0072b2"))
    #expect(svg.contains("prefers-color-scheme:dark"))
  }

  @Test(
    "any finite values give a finite drawing",
    arguments: [
      [0.0, 0], [5, 5], [-1e300, 1e300], [1e-12, 2e-12], [99.99, 100.01], [0, 40_000],
    ])
  func ranges(values: [Double]) throws {
    let points = values.enumerated().map { ChartPoint(x: Double($0), y: $1) }
    let svg = try svg([ChartSeries(name: "l", style: 0, points: points)])
    #expect(!svg.contains("NaN") && !svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.contains("class=\"tick\""))
  }

  @Test("a figure without points is an empty frame, not a trap")
  func empty() throws {
    _ = try svg([])
    _ = try svg([ChartSeries(name: "l", style: 0, points: [])])
    _ = try svg([ChartSeries(name: "l", style: 0, points: [ChartPoint(x: 3, y: nil)])])
  }

  private func svg(_ series: [ChartSeries]) throws -> String {
    let chart = LineChart(
      title: "c", summary: "s", xTitle: "step", yTitle: "score", series: series)
    let document = Document(title: "t", blocks: [.figure(Figure(name: "f", panels: [chart]))])
    #expect(HTMLRenderer().render(document).contains("<figure id=\"f\">"))
    return try #require(SVGRenderer().render(document).first).svg
  }
}
