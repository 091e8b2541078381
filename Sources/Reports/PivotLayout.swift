import Datasets
import Documents
import Experiments

/// The computation of one pivot table.
struct PivotLayout: Sendable {
  let pivot: PivotTable
  let runs: [FrozenRun]
  /// Axes of row groups, of row headers, of columns, after additions.
  let blocks: [Axis]
  let rows: [Axis]
  let columns: [PivotColumn]

  init(_ pivot: PivotTable, _ whole: [FrozenRun]) {
    self.pivot = pivot
    let runs = pivot.quantity.isScore ? whole.byTask : whole
    self.runs = runs
    var rows = pivot.rows
    if runs.needs(.methodName, beside: rows + pivot.columns) { rows.insert(.methodName, at: 0) }
    for axis in [Axis.fewShot, .tasks, .sources]
    where runs.needs(axis, beside: rows + pivot.columns) {
      rows.append(axis)
    }
    self.rows = rows
    blocks = runs.needs(.backbone, beside: rows + pivot.columns) ? [.backbone] : []
    columns = PivotColumns.columns(
      runs, by: pivot.columns, averaging: pivot.quantity.isScore)
  }

  var table: Table {
    var notes = FailureNotes()
    var caption = PivotCaption(pivot: pivot, runs: runs)
    var groups: [RowGroup] = []
    let quoted = references(&caption)
    if !quoted.isEmpty { groups.append(RowGroup(rows: quoted)) }
    let sorted = lines
    caption.usualCount = usualCount(sorted.flatMap(\.1))
    for (title, lines) in sorted {
      caption.collect(lines, columns: columns)
      groups.append(RowGroup(title, rows: cells(lines, &notes, usual: caption.usualCount)))
    }
    let headers = rows.map { TableColumn($0.title, alignment: .leading) }
    let counts = pivot.showsParameters ? [TableColumn("#Params")] : []
    return Table(
      name: "scores", caption: caption.text, headerColumns: rows.count,
      columns: headers + counts + columns.map { TableColumn($0.title, groups: $0.groups) },
      groups: groups, footnotes: caption.citations + notes.footnotes,
      deviation: pivot.spread.abbreviation)
  }

  /// The rows as computed, by group.
  var lines: [(title: String, lines: [Line])] {
    Grouping(runs, by: blocks).places.map { block in
      (block.titles.first ?? "", Grouping(block.runs, by: rows).places.map { measure($0) })
    }
  }

  /// A row as computed: a finding per column, and the runs behind it.
  struct Line: Sendable {
    var titles: [String]
    /// The catalogue name of its first run's method.
    var method: String
    var findings: [Finding]
    var selections: [[Selection]]
  }

  private func measure(_ row: Grouping.Place) -> Line {
    let cells = Grouping(row.runs, by: pivot.columns).places
    let byPlace = Dictionary(
      cells.map { ($0.coordinates, $0.runs) }, uniquingKeysWith: { first, _ in first })
    let datasets = runs.distinct(\.spec.dataset)
    var line = Line(
      titles: row.titles, method: row.runs.first?.spec.method.name ?? "", findings: [],
      selections: [])
    var measured: [[Coordinate]: Finding] = [:]
    for column in columns {
      guard !column.isMean, let place = column.places.first else {
        line.findings.append(.average(of: column.places.map { measured[$0] ?? .missing }))
        line.selections.append([])
        continue
      }
      let inside = byPlace[place] ?? []
      let wanted = datasets.filter { column.datasets.contains($0.rawValue) }
      let selections = wanted.map { dataset in
        Selection(among: inside.filter { $0.spec.dataset == dataset }, metrics: pivot.metrics)
      }
      let tasks = selections.map { Finding(of: $0.runs, pivot.quantity, metrics: pivot.metrics) }
      let finding = tasks.count == 1 ? tasks[0] : Finding.average(of: tasks)
      measured[place] = finding
      line.findings.append(finding)
      line.selections.append(selections)
    }
    return line
  }

  /// The most frequent number of values behind a cell; the larger of two equally frequent.
  private func usualCount(_ lines: [Line]) -> Int {
    var counts: [Int: Int] = [:]
    for case .score(let scores) in lines.flatMap(\.findings) {
      counts[scores.values.count, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  private func cells(_ lines: [Line], _ notes: inout FailureNotes, usual: Int) -> [[TableCell]] {
    let statistics = lines.map { line in
      line.findings.map { finding -> Statistic? in
        guard case .score(let scores) = finding else { return nil }
        return scores.statistic(pivot.spread, decimals: pivot.quantity.decimals)
      }
    }
    let ranks = columns.indices.map { column in
      Ranking.ranks(of: statistics.map { $0[column] }, pivot.quantity.direction)
    }
    return lines.enumerated().map { row, line in
      var cells = line.titles.map { TableCell.text($0) }
      if pivot.showsParameters { cells.append(ParameterSpan(line.selections).cell) }
      for column in columns.indices {
        let attempts = line.selections[column].reduce(0) { $0 + $1.runs.count }
        var cell: TableCell
        switch line.findings[column] {
        case .missing: cell = TableCell(.missing)
        case .failed(let failures):
          cell = TableCell(.failed, marks: [notes.mark(failures, of: attempts)])
        case .score(let scores):
          cell = TableCell(
            statistics[row][column].map { .score($0) } ?? .missing, rank: ranks[column][row])
          if scores.values.count < usual { cell.remark = "n=\(scores.values.count)" }
          if !scores.failures.isEmpty {
            cell.marks = [notes.mark(scores.failures, of: attempts)]
          }
        }
        cells.append(cell)
      }
      return cells
    }
  }

  private func references(_ caption: inout PivotCaption) -> [[TableCell]] {
    pivot.references.map { reference in
      let mark = caption.cite(reference)
      var cells = rows.indices.map { TableCell.text($0 == 0 ? reference.title : "") }
      if !cells.isEmpty { cells[0].marks = mark }
      if pivot.showsParameters { cells.append(TableCell(.missing)) }
      for column in columns {
        let scores = column.datasets.map { reference.scores[DatasetID(rawValue: $0)] }
        let known = scores.compactMap { $0 }.filter(\.isFinite)
        guard known.count == scores.count, !known.isEmpty else {
          cells.append(TableCell(.missing))
          continue
        }
        let statistic = Statistic(mean: known.mean, count: 1, decimals: pivot.quantity.decimals)
        cells.append(TableCell(.score(statistic)))
      }
      return cells
    }
  }
}
