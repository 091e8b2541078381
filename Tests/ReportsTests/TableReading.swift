import Documents
import Testing

/// Reads computed tables as a person would.
struct TableReading {
  let table: Table

  init(_ blocks: [Block]) throws {
    let tables = blocks.compactMap { block -> Table? in
      if case .table(let table) = block { table } else { nil }
    }
    table = try #require(tables.first)
  }

  var columns: [String] { table.columns.map(\.title) }
  var rows: [String] { table.groups.flatMap(\.rows).map { Self.text($0[0]) } }
  var caption: String { table.caption.plain }

  /// The cell under `column` in the row whose header cells read `row`.
  func cell(_ row: String, _ column: String) throws -> TableCell {
    let index = try #require(table.columns.firstIndex { $0.title == column })
    let cells = try #require(
      table.groups.flatMap(\.rows).first { cells in
        cells.prefix(table.headerColumns).map(Self.text).joined(separator: " ") == row
      })
    return cells[index]
  }

  /// `85.0±0.1`, `–`, `×`, with `*` for the best and `_` for the second best.
  func print(_ row: String, _ column: String) throws -> String {
    let cell = try cell(row, column)
    let sign = cell.rank == .best ? "*" : cell.rank == .second ? "_" : ""
    return Self.text(cell) + sign + (cell.remark.isEmpty ? "" : " \(cell.remark)")
  }

  static func text(_ cell: TableCell) -> String {
    switch cell.content {
    case .blank: ""
    case .text(let text): text
    case .score(let statistic):
      statistic.printedMean + (statistic.printedDeviation.map { "±\($0)" } ?? "")
    case .quantity(_, let printed): printed
    case .missing: "–"
    case .failed: "×"
    }
  }
}
