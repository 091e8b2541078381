public import Documents
public import Experiments

/// How many parameters each method trains, and which share of the whole that is; where there are
/// multi-task runs, for how many tasks, and how many that are for each.
public struct ParameterCount: Cell {
  public init() {}

  public func blocks(_ results: ResultSet) -> [Block] {
    let started = results.runs.filter { $0.trainable > 0 && $0.total > 0 }
    guard !started.isEmpty else { return [] }
    let isMultiTask = started.contains { $0.spec.datasets.count > 1 }
    let lines = Grouping(started, by: [.backbone, .method]).places.flatMap { place in
      Set(place.runs.map(Count.init))
        .sorted { ($0.tasks, $0.trainable, $0.total) < ($1.tasks, $1.trainable, $1.total) }
        .map { count in
          place.titles.map { TableCell.text($0) } + [
            TableCell(
              .quantity(
                Double(count.trainable), printed: NumberFormat.grouped(count.trainable)))
          ] + (isMultiTask ? count.taskCells : []) + [
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
          ] + (isMultiTask ? [TableColumn("Tasks"), TableColumn("Per task")] : []) + [
            TableColumn("Total"), TableColumn("Share in %"),
          ], groups: [RowGroup(rows: lines)]))
    ]
  }

  private struct Count: Hashable {
    var trainable: Int
    var total: Int
    var tasks: Int
    var percent: Double { 100 * Double(trainable) / Double(total) }

    init(_ run: FrozenRun) {
      trainable = run.trainable
      total = run.total
      tasks = max(1, run.spec.datasets.count)
    }

    var taskCells: [TableCell] {
      let each = Double(trainable) / Double(tasks)
      return [
        TableCell(.quantity(Double(tasks), printed: "\(tasks)")),
        TableCell(.quantity(each, printed: NumberFormat.grouped(Int(each.rounded())))),
      ]
    }
  }
}
