/// Rows of cells as text: columns side by side for people, or comma-separated for programs.
struct TextTable {
  var columns: [String]
  var rows: [[String]] = []

  /// Columns padded to their widest cell, numbers to the right; nothing else.
  ///
  /// Texts may come from elsewhere: nothing in them moves a terminal's cursor or changes its
  /// colours.
  var aligned: String {
    let columns = columns.map(Self.printable)
    let rows = rows.map { $0.map(Self.printable) }
    var widths = columns.map(Self.width)
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], Self.width(cell)) }
    }
    let numeric = columns.indices.map { index in
      !rows.isEmpty && rows.allSatisfy { $0[index].isEmpty || Double($0[index]) != nil }
    }
    var text = ""
    text.reserveCapacity((rows.count + 1) * (widths.reduce(0, +) + 2 * widths.count + 1))
    func add(_ cells: [String]) {
      var waiting = 0
      for (index, cell) in cells.enumerated() {
        let space = widths[index] - Self.width(cell)
        if numeric[index] { waiting += space }
        // Space at the end of a line is left out.
        if !cell.isEmpty {
          text += repeatElement(" ", count: waiting).joined()
          waiting = 0
          text += cell
        }
        if !numeric[index] { waiting += space }
        waiting += 2
      }
      text += "\n"
    }
    add(columns)
    for row in rows { add(row) }
    return text
  }

  /// RFC 4180, with line feeds.
  var commaSeparated: String {
    ([columns] + rows).map(Self.commaSeparated).joined()
  }

  /// One line of comma-separated values.
  static func commaSeparated(_ cells: [String]) -> String {
    func quoted(_ cell: String) -> String {
      guard cell.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else {
        return cell
      }
      return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
    return cells.map(quoted).joined(separator: ",") + "\n"
  }

  /// A cell without control characters but line feeds and tabs.
  private static func printable(_ cell: String) -> String {
    let isPlain = cell.utf8.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 0x0a || $0 == 0x09 }
    if isPlain { return cell }
    var text = ""
    for scalar in cell.unicodeScalars
    where scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t" {
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  /// Letters are counted, which is only slow where a cell has other than ASCII characters.
  private static func width(_ cell: String) -> Int {
    let bytes = cell.utf8
    return bytes.allSatisfy { $0 < 0x80 && $0 != 0x0d } ? bytes.count : cell.count
  }
}
