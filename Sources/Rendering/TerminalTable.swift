import Documents

/// A table in columns of characters, with rules above, below and under the header.
///
/// The best value is bold, or has a `*` where there is no style; the second best is underlined.
struct TerminalTable {
  let table: Table
  let renderer: TerminalRenderer

  init(_ table: Table, renderer: TerminalRenderer) {
    self.table = table
    self.renderer = renderer
  }

  var lines: [String] {
    let titles = table.columns.map { Escaping.terminal($0.title) }
    let rows = table.groups.map { $0.rows.map { $0.map(content) } }
    var widths = titles.map(TerminalText.width)
    for cells in rows.flatMap({ $0 }) {
      for (index, cell) in cells.enumerated() where index < widths.count {
        widths[index] = max(widths[index], TerminalText.width(cell))
      }
    }
    widen(&widths)
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
    var lines = [rule]
    for level in 0..<HeaderSpans.depth(table) { lines.append(groups(level, widths)) }
    lines.append(line(titles, widths).trimmingEnd)
    for (group, cells) in zip(table.groups, rows) {
      lines.append(rule)
      if !group.title.isEmpty { lines.append(Escaping.terminal(group.title)) }
      for (index, row) in cells.enumerated() {
        lines.append(line(row, widths, ranks: group.rows[index].map(\.rank)).trimmingEnd)
      }
    }
    lines.append(rule)
    return lines
  }

  /// Makes room for group titles that are wider than their columns.
  private func widen(_ widths: inout [Int]) {
    for level in 0..<HeaderSpans.depth(table) {
      for span in HeaderSpans.spans(table, level: level) {
        let room = widths[span.columns].reduce(0, +) + 2 * (span.columns.count - 1)
        let needed = TerminalText.width(Escaping.terminal(span.title))
        if needed > room { widths[span.columns.upperBound - 1] += needed - room }
      }
    }
  }

  private func groups(_ level: Int, _ widths: [Int]) -> String {
    HeaderSpans.spans(table, level: level).map { span in
      let room = widths[span.columns].reduce(0, +) + 2 * (span.columns.count - 1)
      return TerminalText.padded(Escaping.terminal(span.title), to: room, .center)
    }.joined(separator: "  ").trimmingEnd
  }

  private func line(
    _ cells: [String], _ widths: [Int], ranks: [TableCell.Rank?] = []
  ) -> String {
    cells.enumerated().map { index, cell in
      let padded = TerminalText.padded(cell, to: widths[index], table.columns[index].alignment)
      guard index < ranks.count, let rank = ranks[index], renderer.isStyled else { return padded }
      let blanks = padded.prefix { $0 == " " }
      let rest = String(padded.dropFirst(blanks.count))
      return blanks + renderer.style(rest, rank == .best ? .bold : .underlined)
    }.joined(separator: "  ")
  }

  private func content(_ cell: TableCell) -> String {
    var text: String
    switch cell.content {
    case .blank: text = ""
    case .text(let value): text = Escaping.terminal(value)
    case .quantity(_, let printed): text = Escaping.terminal(Numerals.minus(printed))
    case .missing: text = "–"
    case .failed: text = "×"
    case .score(let statistic):
      text = Numerals.minus(statistic.printedMean)
      if let deviation = statistic.printedDeviation { text += " ±\(deviation)" }
    }
    if cell.rank == .best, !renderer.isStyled { text += "*" }
    let remarks = (cell.remark.isEmpty ? [] : [cell.remark]) + cell.marks
    return remarks.isEmpty
      ? text : text + " (\(Escaping.terminal(remarks.joined(separator: ","))))"
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate var trimmingEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
