/// Charts that belong together, with one caption and one legend.
public struct Figure: Hashable, Sendable, Codable {
  /// A short name for files and labels; renderers make it unique.
  public var name: String
  public var caption: [Inline]
  public var panels: [LineChart]

  public init(name: String, caption: [Inline] = [], panels: [LineChart]) {
    self.name = name
    self.caption = caption
    self.panels = panels
  }
}

/// Lines over a common horizontal axis, with bands where values are known to vary.
public struct LineChart: Hashable, Sendable, Codable {
  public var title: String
  /// One or two sentences for who cannot see the chart.
  public var summary: String
  public var xTitle: String
  public var yTitle: String
  public var series: [ChartSeries]

  public init(
    title: String, summary: String, xTitle: String, yTitle: String, series: [ChartSeries]
  ) {
    self.title = title
    self.summary = summary
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.series = series
  }
}

/// One line of a chart.
public struct ChartSeries: Hashable, Sendable, Codable {
  public var name: String
  /// The place in the palette: the same name has the same look in every panel of a figure.
  public var style: Int
  /// In order of `x`.
  public var points: [ChartPoint]

  public init(name: String, style: Int, points: [ChartPoint]) {
    self.name = name
    self.style = style
    self.points = points
  }
}

/// A point of a line; `y` is `nil` where the line has a gap.
public struct ChartPoint: Hashable, Sendable, Codable {
  public var x: Double
  public var y: Double?
  /// The band about `y`, where several values lie behind it.
  public var low: Double?
  public var high: Double?

  public init(x: Double, y: Double?, low: Double? = nil, high: Double? = nil) {
    self.x = x
    self.y = y
    self.low = low
    self.high = high
  }
}
