public import Documents
public import Experiments

/// Lines over training steps: one panel per data set, the mean over seeds with its band.
///
/// ```swift
/// LearningCurve(.validation, groupedBy: .learningRates)
/// ```
/// As in ``PivotTable``, configurations that share a line compete on validation, methods are always
/// told apart, and a multi-task run is in the panel of each of its tasks.
public struct LearningCurve: Cell {
  var curve: Curve
  var axes: [Axis]
  var spread: Spread
  var metrics: HeadlineMetrics

  public init(
    _ curve: Curve, groupedBy axes: Axis..., spread: Spread = .standardDeviation,
    metrics: HeadlineMetrics = .standard
  ) {
    self.curve = curve
    self.axes = axes
    self.spread = spread
    self.metrics = metrics
  }

  public func blocks(_ results: ResultSet) -> [Block] {
    var axes = self.axes
    let runs = curve == .validation ? results.runs.byTask : results.runs
    let panels: [Axis] =
      runs.distinct(\.spec.backbone).count > 1 ? [.dataset, .backbone] : [.dataset]
    if runs.needs(.methodName, beside: axes + panels) { axes.insert(.methodName, at: 0) }
    for axis in [Axis.fewShot, .tasks, .sources] where runs.needs(axis, beside: axes + panels) {
      axes.append(axis)
    }
    let lines = Grouping(runs, by: axes).places.map { place in
      (name: place.titles.joined(separator: " · "), ids: Set(place.runs.map(\.id)))
    }
    var charts: [LineChart] = []
    var window = 1
    for panel in Grouping(runs, by: panels).places {
      guard let name = curve.name(in: panel.runs, metrics: metrics) else { continue }
      var series: [ChartSeries] = []
      for (style, line) in lines.enumerated() {
        let members = panel.runs.filter { line.ids.contains($0.id) }
        let runs = Selection(among: members, metrics: metrics).runs
        let traced = SeedCurves(runs, metric: name)
        guard !traced.isEmpty else { continue }
        window = max(window, traced.window)
        let title = line.name.isEmpty ? "all runs" : line.name
        let points = traced.points(spread, scale: curve.scale, largest: curve.largest)
        series.append(ChartSeries(name: title, style: style, points: points))
      }
      guard !series.isEmpty else { continue }
      charts.append(chart(panel.titles.joined(separator: " · "), metric: name, series))
    }
    guard !charts.isEmpty else {
      return [.paragraph([.emphasis([.text("No points of \(curve.title) yet.")])])]
    }
    let figure = Figure(
      name: curve.fileName, caption: caption(charts, window: window), panels: charts)
    return [.figure(figure)]
  }

  private func chart(_ title: String, metric: String, _ series: [ChartSeries]) -> LineChart {
    let ends = series.compactMap { line -> String? in
      guard let last = line.points.last, let y = last.y else { return nil }
      return "\(line.name) ends at \(NumberFormat.fixed(y, curve.decimals))"
    }
    return LineChart(
      title: title,
      summary: "\(metric.asWords) over training steps. \(ends.joined(separator: "; ")).",
      xTitle: "step", yTitle: metric.asWords, series: series)
  }

  private func caption(_ charts: [LineChart], window: Int) -> [Inline] {
    let banded = charts.contains { $0.series.contains { $0.points.contains { $0.low != nil } } }
    var text = banded ? " Lines: mean over seeds; bands: ± \(spread.phrase)." : ""
    if window > 1 { text += " Averaged over windows of \(window) steps." }
    return [.strong([.text("\(curve.title).")]), .text(text)]
  }
}

extension String {
  /// `validation/f1-macro` in words: `validation macro F1`.
  fileprivate var asWords: String {
    split(separator: "/").map { MetricTitle.title(String($0)) }.joined(separator: " ")
  }
}
