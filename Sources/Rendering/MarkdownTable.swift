import Documents

/// A table in GitHub's dialect; groups of columns become prefixes, groups of rows a row.
struct MarkdownTable {
  let table: Table

  init(_ table: Table) { self.table = table }

  var text: String {
    let titles = table.columns.map { column in
      Escaping.markdown((column.groups + [column.title]).joined(separator: " "))
    }
    let rules = table.columns.map { column in
      switch column.alignment {
      case .leading: ":--"
      case .center: ":-:"
      case .trailing: "--:"
      }
    }
    var lines = [line(titles), line(rules)]
    for group in table.groups {
      if !group.title.isEmpty {
        let blanks = Array(repeating: "", count: max(0, table.columns.count - 1))
        lines.append(line(["*\(Escaping.markdown(group.title))*"] + blanks))
      }
      lines += group.rows.map { line($0.map(content)) }
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }

  private func content(_ cell: TableCell) -> String {
    var value: String
    switch cell.content {
    case .blank: value = ""
    case .text(let text): value = Escaping.markdown(text)
    case .score(let statistic): value = Numerals.minus(statistic.printedMean)
    case .quantity(_, let printed): value = Escaping.markdown(Numerals.minus(printed))
    case .missing: value = "–"
    case .failed: value = "×"
    }
    switch cell.rank {
    case .best: value = "**\(value)**"
    case .second: value = "<u>\(value)</u>"
    case nil: break
    }
    if case .score(let statistic) = cell.content, let deviation = statistic.printedDeviation {
      value += " ± \(deviation)"
    }
    let remarks = (cell.remark.isEmpty ? [] : [cell.remark]) + cell.marks
    guard !remarks.isEmpty else { return value }
    return value + "<sup>\(Escaping.markdown(remarks.joined(separator: ",")))</sup>"
  }
}
