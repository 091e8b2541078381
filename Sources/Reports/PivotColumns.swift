import Datasets
import Documents
import Experiments

/// A column of a pivot table: a place, or the mean of several.
struct PivotColumn: Sendable {
  var title: String
  var groups: [String]
  /// Places it reads; several for a mean.
  var places: [[Coordinate]]
  /// The data sets of its place, for reference rows.
  var datasets: [String]
  var isMean = false
}

/// The columns of a pivot table, benchmarks together, with a mean after the tasks of each group.
enum PivotColumns {
  static func columns(_ runs: [FrozenRun], by axes: [Axis], averaging: Bool) -> [PivotColumn] {
    guard !axes.isEmpty else {
      return [
        PivotColumn(
          title: "All", groups: [], places: [[]],
          datasets: runs.distinct(\.spec.dataset.rawValue))
      ]
    }
    let plain = Grouping(runs, by: axes).places.map { place in
      PivotColumn(
        title: place.titles.last ?? "", groups: Array(place.titles.dropLast()),
        places: [place.coordinates], datasets: place.runs.distinct(\.spec.dataset.rawValue))
    }
    guard plain.allSatisfy({ $0.datasets.count == 1 }) else { return plain }
    let grouped = byBenchmark(plain)
    return averaging ? withMeans(grouped) : grouped
  }

  /// Puts tasks of a benchmark side by side under its name, where every benchmark has several.
  private static func byBenchmark(_ columns: [PivotColumn]) -> [PivotColumn] {
    let names = columns.map { DatasetTitle.named($0.datasets[0]).benchmark }
    var order: [[String]] = []
    var members: [[String]: [PivotColumn]] = [:]
    for (column, name) in zip(columns, names) {
      let key = column.groups + [name]
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(column)
    }
    let worthwhile = order.allSatisfy { key in
      key.last != "" && Set((members[key] ?? []).map(\.datasets)).count > 1
    }
    guard worthwhile else { return columns }
    return order.flatMap { key in
      (members[key] ?? []).map { column in
        var column = column
        column.groups = key
        return column
      }
    }
  }

  private static func withMeans(_ columns: [PivotColumn]) -> [PivotColumn] {
    var result: [PivotColumn] = []
    var start = 0
    for index in columns.indices {
      result.append(columns[index])
      let isLast =
        index + 1 == columns.count || columns[index + 1].groups != columns[start].groups
      guard isLast else { continue }
      let tasks = columns[start...index]
      if Set(tasks.map(\.datasets)).count == tasks.count, tasks.count > 1 {
        result.append(
          PivotColumn(
            title: "Mean", groups: columns[start].groups, places: tasks.flatMap(\.places),
            datasets: tasks.flatMap(\.datasets), isMean: true))
      }
      start = index + 1
    }
    return result
  }
}
