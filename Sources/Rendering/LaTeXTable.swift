import Documents

/// A table in LaTeX: `\toprule`, `\cmidrule` under groups, subscripts for deviations.
struct LaTeXTable {
  let table: Table

  init(_ table: Table) { self.table = table }

  /// Whether it has too many columns for any type size, so that `graphicx` must shrink it.
  var isScaled: Bool { table.columns.count > 12 }

  /// A floating table with caption and label.
  ///
  /// - Parameter placement: where it may float to, such as `t`.
  func environment(label: String, placement: String) -> String {
    var lines = [
      "\\begin{table}[\(placement)]", "\\centering", "\\caption{\(LaTeXText.text(table.caption))}",
      "\\label{tab:\(label)}",
    ]
    if isScaled {
      lines += ["\\setlength{\\tabcolsep}{3pt}", "\\resizebox{\\textwidth}{!}{%", tabular + "}"]
    } else {
      if table.columns.count > 8 {
        lines.append("\\footnotesize\\setlength{\\tabcolsep}{3pt}")
      }
      lines.append(tabular)
    }
    if !table.footnotes.isEmpty {
      let notes = table.footnotes.map {
        "$^{\(mark($0.mark))}$ \(LaTeXText.text($0.text))"
      }
      lines.append("\\par\\smallskip{\\footnotesize \(notes.joined(separator: "\\quad "))\\par}")
    }
    lines.append("\\end{table}")
    return lines.joined(separator: "\n")
  }

  /// A table in the text, in small print; a long one may break over pages.
  var inText: String {
    let isLong = table.groups.reduce(0) { $0 + $1.rows.count } > 30
    let body = isLong ? rows(in: "longtable") : tabular
    return "{\\footnotesize\\setlength{\\tabcolsep}{4pt}\\noindent\n\(body)\n\\par}"
  }

  var tabular: String { rows(in: "tabular") }

  private func rows(in environment: String) -> String {
    var lines = ["\\begin{\(environment)}{\(columns)}", "\\toprule"]
    for level in 0..<HeaderSpans.depth(table) { lines.append(groups(level)) }
    lines.append(line(table.columns.map { LaTeXEscaping.text($0.title) }))
    for group in table.groups {
      lines.append("\\midrule")
      if !group.title.isEmpty {
        let title = "\\emph{\(LaTeXEscaping.text(group.title))}"
        lines.append("\\multicolumn{\(table.columns.count)}{l}{\(title)} \\\\")
      }
      let spans = HeaderSpans.rowSpans(group.rows, headerColumns: table.headerColumns)
      for (row, cells) in group.rows.enumerated() {
        lines.append(
          line(
            cells.enumerated().map { index, cell in
              index < table.headerColumns && spans[row][index] == 0 ? "" : content(cell)
            }))
      }
    }
    return (lines + ["\\bottomrule", "\\end{\(environment)}"]).joined(separator: "\n")
  }

  /// Scores are centred, as their subscripts differ in width.
  private var columns: String {
    var letters = ""
    for (index, column) in table.columns.enumerated() {
      let scores = table.groups.contains { group in
        group.rows.contains { cells in
          if index < cells.count, case .score = cells[index].content { true } else { false }
        }
      }
      letters += column.alignment == .leading ? "l" : scores ? "c" : "r"
    }
    return letters
  }

  private func groups(_ level: Int) -> String {
    var cells: [String] = []
    var rules: [String] = []
    for span in HeaderSpans.spans(table, level: level) {
      guard !span.title.isEmpty else {
        cells.append("")
        continue
      }
      let count = span.columns.count
      cells.append("\\multicolumn{\(count)}{c}{\(LaTeXEscaping.text(span.title))}")
      rules.append("\\cmidrule(lr){\(span.columns.lowerBound + 1)-\(span.columns.upperBound)}")
    }
    return line(cells) + (rules.isEmpty ? "" : " " + rules.joined(separator: " "))
  }

  /// `{[}` keeps a leading bracket from being read as an option of the line before.
  private func line(_ cells: [String]) -> String {
    let guarded = cells.enumerated().map { index, cell in
      index == 0 && (cell.hasPrefix("[") || cell.hasPrefix("*")) ? "{}\(cell)" : cell
    }
    return guarded.joined(separator: " & ") + " \\\\"
  }

  private func content(_ cell: TableCell) -> String {
    let remarks = (cell.remark.isEmpty ? [] : [cell.remark]) + cell.marks
    let raised = remarks.isEmpty ? "" : "^{\(remarks.map(mark).joined(separator: ","))}"
    switch cell.content {
    case .score(let statistic):
      let lowered = statistic.printedDeviation.map { "_{\($0)}" } ?? ""
      return "$\(ranked(statistic.printedMean, cell.rank, "\\mathbf"))\(lowered)\(raised)$"
    case .blank: return noted("", raised)
    case .text(let text): return noted(ranked(LaTeXEscaping.text(text), cell.rank), raised)
    case .quantity(_, let printed):
      return noted(ranked(LaTeXEscaping.text(printed), cell.rank), raised)
    case .missing: return noted("--", raised)
    case .failed: return "$\\times\(raised)$"
    }
  }

  private func ranked(
    _ text: String, _ rank: TableCell.Rank?, _ bold: String = "\\textbf"
  ) -> String {
    switch rank {
    case .best: "\(bold){\(text)}"
    case .second: "\\underline{\(text)}"
    case nil: text
    }
  }

  private func noted(_ text: String, _ raised: String) -> String {
    raised.isEmpty ? text : "\(text)$\(raised)$"
  }

  private func mark(_ text: String) -> String { "\\mbox{\\scriptsize \(LaTeXEscaping.text(text))}" }
}
