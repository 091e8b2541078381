import Documents

/// A line chart as an SVG element: bands, lines, markers, axes, in the classes of the style sheet.
struct LineChartSVG {
  let chart: LineChart
  let id: String
  /// The horizontal range that the panels of a figure share.
  let xScale: ChartScale

  static let width = 360.0
  static let height = 236.0
  private let left = 44.0
  private let right = 16.0
  private let top = 12.0
  private let bottom = 38.0

  init(_ chart: LineChart, id: String, xScale: ChartScale) {
    self.chart = chart
    self.id = id
    self.xScale = xScale
  }

  /// - Parameter attributes: further attributes of the root element, with a space before each.
  func svg(attributes: String = "") -> String {
    let series = chart.series.map { line in
      ChartSeries(
        name: line.name, style: line.style,
        points: CurveDecimation.thinned(line.points, limit: 240))
    }
    let values = series.flatMap { $0.points.flatMap { [$0.y, $0.low, $0.high].compactMap { $0 } } }
    let yScale = ChartScale(covering: values, ticks: 5)
    var lines: [String] = []
    lines.append(
      "<svg\(attributes) viewBox=\"0 0 \(px(Self.width)) \(px(Self.height))\" role=\"img\""
        + " aria-labelledby=\"\(id)-t \(id)-d\">")
    lines.append("<title id=\"\(id)-t\">\(Escaping.html(chart.title))</title>")
    lines.append("<desc id=\"\(id)-d\">\(Escaping.html(chart.summary))</desc>")
    lines += axes(yScale)
    for line in series { lines += band(line, yScale) }
    for line in series { lines += stroke(line, yScale) }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func x(_ value: Double) -> Double {
    left + xScale.position(value) * (Self.width - left - right)
  }

  private func y(_ value: Double, _ scale: ChartScale) -> Double {
    Self.height - bottom - scale.position(value) * (Self.height - top - bottom)
  }

  private func axes(_ yScale: ChartScale) -> [String] {
    let floor = Self.height - bottom
    let edge = Self.width - right
    var lines: [String] = []
    for tick in yScale.ticks {
      let place = px(y(tick, yScale))
      lines.append("<path class=\"grid\" d=\"M\(px(left)) \(place)H\(px(edge))\"/>")
      lines.append(
        "<text class=\"tick\" x=\"\(px(left - 6))\" y=\"\(place)\" dy=\".32em\""
          + " text-anchor=\"end\">\(yScale.label(tick))</text>")
    }
    lines.append("<path class=\"axis\" d=\"M\(px(left)) \(px(floor))H\(px(edge))\"/>")
    for tick in xScale.ticks {
      let place = px(x(tick))
      lines.append("<path class=\"axis\" d=\"M\(place) \(px(floor))v4\"/>")
      lines.append(
        "<text class=\"tick\" x=\"\(place)\" y=\"\(px(floor + 16))\""
          + " text-anchor=\"middle\">\(xScale.label(tick))</text>")
    }
    lines.append(
      "<text class=\"label\" x=\"\(px((left + edge) / 2))\" y=\"\(px(Self.height - 5))\""
        + " text-anchor=\"middle\">\(Escaping.html(chart.xTitle))</text>")
    let middle = px((top + floor) / 2)
    lines.append(
      "<text class=\"label\" transform=\"rotate(-90)\" x=\"-\(middle)\" y=\"11\""
        + " text-anchor=\"middle\">\(Escaping.html(chart.yTitle))</text>")
    return lines
  }

  /// Runs of neighbouring points without a gap.
  private func pieces(_ points: [ChartPoint], _ isThere: (ChartPoint) -> Bool) -> [[ChartPoint]] {
    points.split(whereSeparator: { !isThere($0) }).map(Array.init)
  }

  private func band(_ line: ChartSeries, _ scale: ChartScale) -> [String] {
    pieces(line.points) { $0.low != nil && $0.high != nil }.filter { $0.count > 1 }.map { piece in
      let upper = piece.map { (x($0.x), y($0.high ?? 0, scale)) }
      let lower = piece.reversed().map { (x($0.x), y($0.low ?? 0, scale)) }
      return "<path class=\"band f\(style(line))\" d=\"\(path(upper + lower))z\"/>"
    }
  }

  private func stroke(_ line: ChartSeries, _ scale: ChartScale) -> [String] {
    let dash = ChartPalette.dash(line.style)
    let dashed = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    var lines: [String] = []
    for piece in pieces(line.points, { $0.y != nil }) where piece.count > 1 {
      let points = piece.map { (x($0.x), y($0.y ?? 0, scale)) }
      lines.append("<path class=\"line s\(style(line))\"\(dashed) d=\"\(path(points))\"/>")
    }
    let present = line.points.filter { $0.y != nil }
    let stride = max(1, (present.count + 11) / 12)
    let offset = present.count > 12 ? line.style * 3 % stride : 0
    for (index, point) in present.enumerated() where index % stride == offset {
      let place = "\(px(x(point.x))) \(px(y(point.y ?? 0, scale)))"
      lines.append(
        "<path class=\"mark f\(style(line))\" transform=\"translate(\(place))\""
          + " d=\"\(ChartPalette.marker(line.style))\"/>")
    }
    return lines
  }

  private func style(_ line: ChartSeries) -> Int { line.style % ChartPalette.count }

  /// Absolute start, then relative moves in tenths of a pixel: short, and free of drift.
  private func path(_ points: [(Double, Double)]) -> String {
    var text = ""
    var last = (0, 0)
    for (index, point) in points.enumerated() {
      let here = (tenths(point.0), tenths(point.1))
      if index == 0 {
        text += "M\(decimal(here.0)) \(decimal(here.1))l"
      } else {
        let (dx, dy) = (here.0 - last.0, here.1 - last.1)
        let separator = dy < 0 ? "" : " "
        text += "\(index == 1 || dx < 0 ? "" : " ")\(decimal(dx))\(separator)\(decimal(dy))"
      }
      last = here
    }
    return points.count > 1 ? text : String(text.dropLast())
  }

  private func tenths(_ value: Double) -> Int {
    Int((min(1e6, max(-1e6, value)) * 10).rounded())
  }

  private func decimal(_ tenths: Int) -> String {
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole == 0 ? "" : "\(whole)").\(rest)"
  }

  private func px(_ value: Double) -> String { decimal(tenths(value)) }
}
