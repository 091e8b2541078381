public import Documents
public import Experiments
import Training

/// What runs cost: time, time per step, memory, and parameters by method.
public struct CostTable: Cell {
  var rows: [Axis]

  /// - Parameter rows: the axes that name rows; the method alone if none is given.
  public init(rows: Axis...) { self.rows = rows.isEmpty ? [.method] : rows }

  public func blocks(_ results: ResultSet) -> [Block] {
    let done = results.runs.filter { $0.state == .succeeded && $0.summary != nil }
    guard !done.isEmpty else { return [] }
    var axes = rows
    if done.needs(.methodName, beside: axes) { axes.insert(.methodName, at: 0) }
    if done.needs(.tasks, beside: axes) { axes.append(.tasks) }
    if done.needs(.backbone, beside: axes) { axes.insert(.backbone, at: 0) }
    let lines = Grouping(done, by: axes).places.map { place in
      place.titles.map { TableCell.text($0) } + numbers(place.runs)
    }
    let headers = axes.map { TableColumn($0.title, alignment: .leading) }
    let columns = ["#Params", "Runs", "Time per run", "ms per step", "Total time", "Peak memory"]
    return [
      .table(
        Table(
          name: "cost",
          caption: [
            .strong(["Cost."]),
            .text(
              " Wall-clock time of training and evaluation together, and of a training step alone:"
                + " mean and standard deviation over finished runs; peak memory is the most that"
                + " any run had for itself, beside the file of the backbone, which runs share."),
          ], headerColumns: axes.count, columns: headers + columns.map { TableColumn($0) },
          groups: [RowGroup(rows: lines)]))
    ]
  }

  private func numbers(_ runs: [FrozenRun]) -> [TableCell] {
    let ordered = runs.sorted { $0.id < $1.id }
    let seconds = ordered.compactMap { $0.summary?.seconds }.filter(\.isFinite)
    let perStep = ordered.compactMap { run -> Double? in
      guard let seconds = run.summary?.trainingSeconds, seconds.isFinite else { return nil }
      return 1000 * seconds / Double(max(1, run.summary?.lastStep ?? run.spec.schedule.steps))
    }
    let total = seconds.reduce(0, +)
    let peak = runs.compactMap { $0.summary?.peakBytes }.max() ?? 0
    return [
      ParameterSpan(runs).cell,
      TableCell(.quantity(Double(runs.count), printed: "\(runs.count)")),
      time(seconds),
      spread(perStep),
      TableCell(.quantity(total, printed: NumberFormat.duration(total))),
      peak > 0
        ? TableCell(.quantity(Double(peak), printed: NumberFormat.bytes(peak)))
        : TableCell(.missing),
    ]
  }

  private func time(_ seconds: [Double]) -> TableCell {
    let mean = seconds.mean
    guard mean < 59.95, !seconds.isEmpty else {
      return seconds.isEmpty
        ? TableCell(.missing) : TableCell(.quantity(mean, printed: NumberFormat.duration(mean)))
    }
    return spread(seconds, unit: " s")
  }

  private func spread(_ values: [Double], unit: String = "") -> TableCell {
    guard !values.isEmpty else { return TableCell(.missing) }
    let mean = values.mean
    let decimals = abs(mean) < 9.995 ? 2 : 1
    let deviation =
      Spread.standardDeviation.deviation(values)
      .map { " ± \(NumberFormat.fixed($0, decimals))" } ?? ""
    let printed = NumberFormat.fixed(mean, decimals) + deviation + unit
    return TableCell(.quantity(mean, printed: printed))
  }
}
