import Documents

/// A figure as HTML: a legend, a panel per chart, and under each chart its numbers as a table.
struct HTMLFigure {
  let figure: Figure
  let id: String
  let number: Int

  init(_ figure: Figure, id: String, number: Int) {
    self.figure = figure
    self.id = id
    self.number = number
  }

  var html: String {
    var lines: [String] = ["<figure id=\"\(id)\">"]
    if legend.count > 1 {
      lines.append("<ul class=\"legend\" aria-label=\"Legend\">")
      lines += legend.map { "<li>\(Self.swatch($0.style))\(Escaping.html($0.name))</li>" }
      lines.append("</ul>")
    }
    lines.append("<div class=\"panels\">")
    let scale = ChartScale.shared(by: figure.panels)
    for (index, chart) in figure.panels.enumerated() {
      let panel = "\(id)-\(index + 1)"
      lines.append("<div class=\"panel\">")
      lines.append("<h3>\(Escaping.html(chart.title))</h3>")
      lines.append(
        LineChartSVG(chart, id: panel, xScale: scale).svg() + data(chart, id: "\(panel)-n"))
      lines.append("</div>")
    }
    lines.append("</div>")
    let caption = HTMLText.html(figure.caption)
    lines.append(
      "<figcaption><span class=\"number\">Figure \(number)</span> \(caption)</figcaption>")
    lines.append("</figure>")
    return lines.joined(separator: "\n") + "\n"
  }

  private var legend: [ChartSeries] { figure.legend }

  private static func swatch(_ style: Int) -> String {
    "<svg viewBox=\"0 0 34 12\" width=\"34\" height=\"12\" aria-hidden=\"true\">"
      + ChartKey.sample(style) + "</svg>"
  }

  private func data(_ chart: LineChart, id: String) -> String {
    let table = ChartData(chart, limit: 11).table
    return "<details><summary>Numbers</summary>\n"
      + HTMLTable(table, id: id, number: nil).html
      + "</details>"
  }
}
