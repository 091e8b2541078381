import Documents

/// A table as HTML: caption above, rules as in print, every header with its scope.
struct HTMLTable {
  let table: Table
  let id: String
  /// `nil` for a table without a caption: it is not counted.
  let number: Int?
  /// The columns in which some score has a deviation.
  private let deviating: Set<Int>

  init(_ table: Table, id: String, number: Int?) {
    self.table = table
    self.id = id
    self.number = number
    deviating = Set(
      table.columns.indices.filter { index in
        table.groups.contains { group in
          group.rows.contains { cells in
            guard case .score(let statistic) = cells[index].content else { return false }
            return statistic.deviation != nil
          }
        }
      })
  }

  var html: String {
    var lines: [String] = []
    let width = table.columns.count > 9 ? "table wide" : "table"
    lines.append("<div class=\"\(width)\" id=\"\(id)\" role=\"group\" tabindex=\"0\"\(label)>")
    lines.append(isNoted ? "<table class=\"noted\">" : "<table>")
    if let number {
      let caption = HTMLText.html(table.caption)
      lines.append(
        "<caption><div><span class=\"number\">Table \(number)</span> \(caption)</div></caption>")
    }
    lines.append("<thead>")
    lines += head
    lines.append("</thead>")
    for group in table.groups {
      lines.append("<tbody>")
      lines += body(group)
      lines.append("</tbody>")
    }
    lines.append("</table>")
    if !table.footnotes.isEmpty {
      lines.append("<ul class=\"footnotes\">")
      for note in table.footnotes {
        lines.append(
          "<li><sup>\(Escaping.html(note.mark))</sup> \(HTMLText.html(note.text))</li>")
      }
      lines.append("</ul>")
    }
    lines.append("</div>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether marks stand beside numbers: they hang over, and need room at the right edge.
  private var isNoted: Bool {
    table.groups.contains { group in
      group.rows.contains { $0.contains { !$0.marks.isEmpty || !$0.remark.isEmpty } }
    }
  }

  private var label: String {
    number.map { " aria-label=\"Table \($0)\"" } ?? " aria-label=\"\(Escaping.html(table.name))\""
  }

  private var head: [String] {
    let depth = HeaderSpans.depth(table)
    var lines: [String] = []
    for level in 0..<depth {
      var cells = ""
      for span in HeaderSpans.spans(table, level: level) {
        let column = table.columns[span.columns.lowerBound]
        if column.groups.isEmpty {
          if level == 0 { cells += title(span.columns.lowerBound, rows: depth + 1) }
        } else if span.title.isEmpty {
          cells += "<td></td>"
        } else {
          cells +=
            "<th scope=\"colgroup\" colspan=\"\(span.columns.count)\" class=\"group\">"
            + "<span>\(Escaping.html(span.title))</span></th>"
        }
      }
      lines.append("<tr>\(cells)</tr>")
    }
    let titles = table.columns.indices.filter { depth == 0 || !table.columns[$0].groups.isEmpty }
    lines.append("<tr>\(titles.map { title($0, rows: 1) }.joined())</tr>")
    return lines
  }

  private func title(_ index: Int, rows: Int) -> String {
    let span = rows > 1 ? " rowspan=\"\(rows)\"" : ""
    return "<th scope=\"col\"\(span)\(style(index))>"
      + "\(Escaping.html(table.columns[index].title))</th>"
  }

  private func body(_ group: RowGroup) -> [String] {
    var lines: [String] = []
    if !group.title.isEmpty {
      lines.append(
        "<tr><th scope=\"rowgroup\" colspan=\"\(table.columns.count)\" class=\"rows\">"
          + "\(Escaping.html(group.title))</th></tr>")
    }
    let spans = HeaderSpans.rowSpans(group.rows, headerColumns: table.headerColumns)
    for (row, cells) in group.rows.enumerated() {
      var line = ""
      for (index, cell) in cells.enumerated() {
        guard index < table.headerColumns else {
          line += "<td\(style(index, cell))>\(content(cell))</td>"
          continue
        }
        let span = spans[row][index]
        guard span > 0 else { continue }
        let rows = span > 1 ? " rowspan=\"\(span)\"" : ""
        line += "<th scope=\"row\"\(rows)\(style(index))>\(content(cell))</th>"
      }
      lines.append("<tr>\(line)</tr>")
    }
    return lines
  }

  /// Cells without a deviation leave its room free where the column has some, so that digits line
  /// up.
  private func style(_ index: Int, _ cell: TableCell? = nil) -> String {
    if let cell, deviating.contains(index) {
      if case .score(let statistic) = cell.content, statistic.deviation != nil { return "" }
      return " class=\"w\""
    }
    switch table.columns[index].alignment {
    case .leading: return " class=\"l\""
    case .center: return " class=\"c\""
    case .trailing: return ""
    }
  }

  private func content(_ cell: TableCell) -> String {
    var value: String
    switch cell.content {
    case .blank: value = ""
    case .text(let text): value = Escaping.html(text)
    case .score(let statistic): value = Numerals.minus(statistic.printedMean)
    case .quantity(_, let printed): value = Escaping.html(Numerals.minus(printed))
    case .missing: value = "<span class=\"none\" title=\"no result\">–</span>"
    case .failed: value = "<span class=\"failed\" title=\"failed\">×</span>"
    }
    switch cell.rank {
    case .best: value = "<strong>\(value)</strong>"
    case .second: value = "<u>\(value)</u>"
    case nil: break
    }
    if case .score(let statistic) = cell.content, let deviation = statistic.printedDeviation {
      value += "<sub>±\(deviation)</sub>"
    }
    let remarks = (cell.remark.isEmpty ? [] : [cell.remark]) + cell.marks
    if !remarks.isEmpty { value += "<sup>\(Escaping.html(remarks.joined(separator: ",")))</sup>" }
    return value
  }
}
