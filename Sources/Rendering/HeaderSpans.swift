import Documents

/// The rows of group titles above a table's columns.
enum HeaderSpans {
  /// Neighbouring columns under one title; an empty title means no group at this level.
  struct Span: Equatable {
    var title: String
    var columns: Range<Int>
  }

  /// How many rows of group titles there are.
  static func depth(_ table: Table) -> Int { table.columns.map(\.groups.count).max() ?? 0 }

  /// The spans of one row of group titles, left to right. Columns share a span while their groups
  /// agree down to this level; columns that stand in no group are spans of their own.
  static func spans(_ table: Table, level: Int) -> [Span] {
    var spans: [Span] = []
    for (index, column) in table.columns.enumerated() {
      let title = column.groups.count > level ? column.groups[level] : ""
      if let last = spans.last, !title.isEmpty, last.columns.upperBound == index,
        table.columns[last.columns.lowerBound].groups.prefix(level + 1)
          == column.groups.prefix(level + 1)
      {
        spans[spans.count - 1].columns = last.columns.lowerBound..<(index + 1)
      } else {
        spans.append(Span(title: title, columns: index..<(index + 1)))
      }
    }
    return spans
  }

  /// For every row of a group, how many rows each of its header cells covers; 0 for a cell that
  /// the same cell above covers. The last header column is never merged.
  static func rowSpans(_ rows: [[TableCell]], headerColumns: Int) -> [[Int]] {
    var spans = rows.map { _ in Array(repeating: 1, count: headerColumns) }
    guard headerColumns > 1 else { return spans }
    for column in 0..<(headerColumns - 1) {
      var start = 0
      for row in rows.indices.dropFirst() {
        if rows[row].prefix(column + 1) == rows[start].prefix(column + 1) {
          spans[row][column] = 0
          spans[start][column] += 1
        } else {
          start = row
        }
      }
    }
    return spans
  }
}
