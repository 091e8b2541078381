public import Documents

/// The captioned tables of a document as comma-separated values (RFC 4180), unrounded: a column of
/// scores becomes three, mean, deviation and count.
public struct CSVRenderer: Sendable {
  public init() {}

  /// A file per table, in document order.
  public func render(_ document: Document) -> [(name: String, csv: String)] {
    var names = UniqueNames()
    return Self.tables(document.blocks).map { table in
      (name: names.name(table.name) + ".csv", csv: render(table))
    }
  }

  /// One table.
  public func render(_ table: Table) -> String {
    let groups = table.groups.contains { !$0.title.isEmpty }
    let rows = table.groups.flatMap(\.rows)
    let scores = table.columns.indices.map { index in
      rows.contains { cells in
        if index < cells.count, case .score = cells[index].content { true } else { false }
      }
    }
    var header = groups ? ["group"] : []
    for (index, column) in table.columns.enumerated() {
      let title = (column.groups + [column.title]).joined(separator: " ")
      header +=
        scores[index]
        ? ["\(title) mean", "\(title) \(table.deviation)", "\(title) n"] : [title]
    }
    var lines = [line(header)]
    for group in table.groups {
      for cells in group.rows {
        var fields = groups ? [group.title] : []
        for (index, cell) in cells.enumerated() {
          fields += scores[index] ? statistic(cell) : [value(cell)]
        }
        lines.append(line(fields))
      }
    }
    return lines.joined()
  }

  private static func tables(_ blocks: [Block]) -> [Table] {
    blocks.flatMap { block -> [Table] in
      switch block {
      case .table(let table): [table]
      case .details(_, let inner): tables(inner)
      default: []
      }
    }
  }

  private func statistic(_ cell: TableCell) -> [String] {
    guard case .score(let statistic) = cell.content else { return ["", "", "0"] }
    return [
      "\(statistic.mean)", statistic.deviation.map { "\($0)" } ?? "", "\(statistic.count)",
    ]
  }

  private func value(_ cell: TableCell) -> String {
    switch cell.content {
    case .blank, .missing, .failed: ""
    case .text(let text): text
    case .quantity(let value, _):
      value == value.rounded() && abs(value) < 1e15
        ? "\(Int(value))" : "\(value)"
    case .score(let statistic): "\(statistic.mean)"
    }
  }

  private func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  private func quoted(_ field: String) -> String {
    let needs = field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard needs || field.hasPrefix(" ") || field.hasSuffix(" ") else { return field }
    let doubled = field.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(doubled.joined(separator: "\"\""))\""
  }
}
