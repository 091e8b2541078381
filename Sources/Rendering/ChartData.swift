import Documents

/// The numbers behind a chart as a table: a row per step, a column per line.
struct ChartData {
  let chart: LineChart
  /// Rows at most; the first and the last step are always among them.
  let limit: Int

  init(_ chart: LineChart, limit: Int) {
    self.chart = chart
    self.limit = limit
  }

  var table: Table {
    let steps = Self.spread(Set(chart.series.flatMap { $0.points.map(\.x) }).sorted(), limit)
    let byStep = chart.series.map { line in
      Dictionary(line.points.map { ($0.x, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let decimals = Self.decimals(chart)
    let rows = steps.map { step in
      [TableCell(.quantity(step, printed: NumberFormat.short(step)))]
        + byStep.map { points in
          guard let point = points[step], let y = point.y else { return TableCell(.missing) }
          let deviation = point.high.map { $0 - y }
          return TableCell(
            .score(
              Statistic(
                mean: y, deviation: deviation, count: deviation == nil ? 1 : 2,
                decimals: decimals)))
        }
    }
    return Table(
      name: chart.title,
      columns: [TableColumn(chart.xTitle)]
        + chart.series.map {
          TableColumn($0.name)
        }, groups: [RowGroup(rows: rows)])
  }

  /// One decimal for percentages, three for losses.
  private static func decimals(_ chart: LineChart) -> Int {
    let largest = chart.series.flatMap { $0.points.compactMap(\.y) }.map { abs($0) }.max() ?? 0
    return largest >= 20 ? 1 : largest >= 2 ? 2 : 3
  }

  private static func spread(_ steps: [Double], _ limit: Int) -> [Double] {
    guard steps.count > limit, limit > 1 else { return steps }
    return (0..<limit).map { steps[$0 * (steps.count - 1) / (limit - 1)] }
  }
}

extension Figure {
  /// Every line once, in the order of styles.
  var legend: [ChartSeries] {
    var seen: Set<Int> = []
    return panels.flatMap(\.series).filter { seen.insert($0.style).inserted }
      .sorted { $0.style < $1.style }
  }
}

extension ChartScale {
  /// The horizontal range of all panels of a figure.
  static func shared(by panels: [LineChart]) -> ChartScale {
    ChartScale(
      spanning: panels.flatMap { $0.series.flatMap { $0.points.map(\.x) } }, ticks: 4)
  }
}
