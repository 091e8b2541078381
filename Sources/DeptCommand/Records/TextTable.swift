/// Rows of cells as text: columns side by side for people, or comma-separated for programs.
struct TextTable {
  var columns: [String]
  var rows: [[String]] = []

  /// Columns padded to their widest cell, numbers to the right; nothing else.
  var aligned: String {
    var widths = columns.map(\.count)
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
    }
    let numeric = columns.indices.map { index in
      !rows.isEmpty && rows.allSatisfy { $0[index].isEmpty || Double($0[index]) != nil }
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { index in
        let space = String(repeating: " ", count: widths[index] - cells[index].count)
        return numeric[index] ? space + cells[index] : cells[index] + space
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    return line(columns) + rows.map(line).joined()
  }

  /// RFC 4180, with line feeds.
  var commaSeparated: String {
    func quoted(_ cell: String) -> String {
      guard cell.contains(where: { "\",\n\r".contains($0) }) else { return cell }
      return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
    return ([columns] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }
}
