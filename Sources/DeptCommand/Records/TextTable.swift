/// Rows of cells as text: columns side by side for people, or comma-separated for programs.
struct TextTable {
  var columns: [String]
  var rows: [[String]] = []

  /// Columns padded to their widest cell, numbers to the right; nothing else.
  ///
  /// Texts may come from elsewhere: nothing in them moves a terminal's cursor or changes its
  /// colours.
  var aligned: String {
    let lines = ([columns] + rows).map { $0.map(Self.printable) }
    let cellWidths = lines.map { $0.map(Self.width) }
    var widths = columns.map { _ in 0 }
    for line in cellWidths {
      for (index, width) in line.enumerated() { widths[index] = max(widths[index], width) }
    }
    let numeric = columns.indices.map { index in
      !rows.isEmpty && lines.dropFirst().allSatisfy { Self.isNumber($0[index]) }
    }
    // Bytes: ten thousand lines as pieces of strings would take longer than reading them.
    var text: [UInt8] = []
    text.reserveCapacity(lines.count * (widths.reduce(0, +) + 2 * widths.count + 1))
    for (line, lineWidths) in zip(lines, cellWidths) {
      var waiting = 0
      for (index, cell) in line.enumerated() {
        let space = widths[index] - lineWidths[index]
        if numeric[index] { waiting += space }
        // Space at the end of a line is left out.
        if !cell.isEmpty {
          text.append(contentsOf: repeatElement(0x20, count: waiting))
          waiting = 0
          text.append(contentsOf: cell.utf8)
        }
        if !numeric[index] { waiting += space }
        waiting += 2
      }
      text.append(0x0a)
    }
    return String(decoding: text, as: UTF8.self)
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

  /// Whether a column may have this cell and stand to the right: it is a number, or empty.
  private static func isNumber(_ cell: String) -> Bool {
    cell.utf8.allSatisfy { (0x30...0x39).contains($0) } || Double(cell) != nil
  }

  /// Letters are counted, which is only slow where a cell has other than ASCII characters.
  private static func width(_ cell: String) -> Int {
    let bytes = cell.utf8
    return bytes.allSatisfy { $0 < 0x80 && $0 != 0x0d } ? bytes.count : cell.count
  }
}
