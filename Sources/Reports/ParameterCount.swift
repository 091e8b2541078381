public import Documents
public import Experiments

/// How many parameters each method trains, and which share of the whole that is.
public struct ParameterCount: Cell {
  public init() {}

  public func blocks(_ results: ResultSet) -> [Block] {
    let started = results.runs.filter { $0.trainable > 0 && $0.total > 0 }
    guard !started.isEmpty else { return [] }
    let lines = Grouping(started, by: [.backbone, .method]).places.flatMap { place in
      Set(place.runs.map { Count(trainable: $0.trainable, total: $0.total) })
        .sorted { ($0.trainable, $0.total) < ($1.trainable, $1.total) }
        .map { count in
          place.titles.map { TableCell.text($0) } + [
            TableCell(
              .quantity(
                Double(count.trainable), printed: NumberFormat.grouped(count.trainable))),
            TableCell(
              .quantity(Double(count.total), printed: NumberFormat.grouped(count.total))),
            TableCell(.quantity(count.percent, printed: NumberFormat.fixed(count.percent, 3))),
          ]
        }
    }
    return [
      .table(
        Table(
          name: "parameters", caption: [.strong(["Trainable parameters."])], headerColumns: 2,
          columns: [
            TableColumn("Backbone", alignment: .leading),
            TableColumn("Method", alignment: .leading), TableColumn("Trainable"),
            TableColumn("Total"), TableColumn("Share in %"),
          ], groups: [RowGroup(rows: lines)]))
    ]
  }

  private struct Count: Hashable {
    var trainable: Int
    var total: Int
    var percent: Double { 100 * Double(trainable) / Double(total) }
  }
}
