public import Documents

/// The charts of a document as SVG files of their own, with legend, light and dark.
public struct SVGRenderer: Sendable {
  public init() {}

  /// A file for every panel of every figure, in document order; the names are those that
  /// ``MarkdownRenderer`` links to.
  public func render(_ document: Document) -> [(name: String, svg: String)] {
    var names = UniqueNames()
    var files: [(name: String, svg: String)] = []
    for figure in Self.figures(document.blocks) {
      let name = names.name(figure.name)
      let scale = ChartScale.shared(by: figure.panels)
      for (index, chart) in figure.panels.enumerated() {
        let id = "\(name)-\(index + 1)"
        files.append((name: "\(id).svg", svg: Self.file(chart, figure.legend, id, scale)))
      }
    }
    return files
  }

  private static func figures(_ blocks: [Block]) -> [Figure] {
    blocks.flatMap { block -> [Figure] in
      switch block {
      case .figure(let figure): [figure]
      case .details(_, let inner): figures(inner)
      default: []
      }
    }
  }

  /// The chart with a legend below it, a line per row.
  private static func file(
    _ chart: LineChart, _ legend: [ChartSeries], _ id: String, _ scale: ChartScale
  ) -> String {
    let drawing = LineChartSVG(chart, id: id, xScale: scale)
    let shown = legend.filter { entry in chart.series.contains { $0.style == entry.style } }
    var rows: [String] = []
    for (index, entry) in shown.enumerated() {
      let y = Int(LineChartSVG.height) + 12 + 18 * index
      rows.append("<g transform=\"translate(44 \(y))\">\(ChartKey.sample(entry.style))</g>")
      rows.append("<text x=\"86\" y=\"\(y + 10)\">\(Escaping.html(entry.name))</text>")
    }
    let inner = Int(LineChartSVG.height)
    let height = inner + 18 + 18 * shown.count
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(LineChartSVG.width))" \
      height="\(height)" viewBox="0 0 \(Int(LineChartSVG.width)) \(height)">
      <style>
      \(HTMLStyle.chart)
      </style>
      <rect class="ground" width="100%" height="100%"/>
      \(drawing.svg(attributes: " width=\"\(Int(LineChartSVG.width))\" height=\"\(inner)\""))\
      \(rows.joined(separator: "\n"))
      </svg>

      """
  }
}
