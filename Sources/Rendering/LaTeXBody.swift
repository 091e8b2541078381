import Documents

/// The blocks of a LaTeX file, with what has to be counted on the way.
struct LaTeXBody {
  let scope: LaTeXRenderer.Scope
  private(set) var parts: [String] = []
  private var names = UniqueNames()

  init(scope: LaTeXRenderer.Scope) { self.scope = scope }

  mutating func append(_ block: Block) {
    if case .table(let table) = block, !table.caption.isEmpty {
      let placement = scope == .article ? "htbp" : "t"
      parts.append(
        LaTeXTable(table).environment(label: names.name(table.name), placement: placement))
      return
    }
    if case .state(let state, let reason) = block {
      if state != .fresh { parts.append("% \(state.rawValue): \(Escaping.line(reason))") }
    } else if scope == .article {
      appendProse(block)
    } else if case .details(_, let blocks) = block {
      for block in blocks { append(block) }
    }
  }

  private mutating func appendProse(_ block: Block) {
    switch block {
    case .heading(let level, let text):
      parts.append("\\\(level <= 2 ? "section" : "subsection")*{\(LaTeXText.text(text))}")
    case .paragraph(let text): parts.append(LaTeXText.text(text))
    case .note(let markdown): parts.append(LaTeXEscaping.source(NoteText(markdown).latex))
    case .table(let table): parts.append(LaTeXTable(table).inText)
    case .figure(let figure):
      parts.append(LaTeXText.text(figure.caption))
      for chart in figure.panels {
        parts.append(Self.title(chart.title))
        parts.append(LaTeXTable(ChartData(chart, limit: 6).table).inText)
      }
    case .definitions(let list):
      let items = list.map {
        "\\item[{\(LaTeXEscaping.text($0.term))}] \(LaTeXText.text($0.text))"
      }
      parts.append(environment("description", items))
    case .list(let ordered, let items):
      let lines = items.map { "\\item \(LaTeXText.text($0))" }
      parts.append(environment(ordered ? "enumerate" : "itemize", lines))
    case .code(let code, _):
      let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "\\texttt{\(LaTeXEscaping.text(String($0)))}\\\\" }
      parts.append(environment("flushleft", lines))
    case .details(let summary, let blocks):
      parts.append(Self.title(summary))
      for block in blocks { append(block) }
    case .state: break
    }
  }

  private static func title(_ text: String) -> String {
    "\\medskip\\noindent\\textbf{\(LaTeXEscaping.text(text))}\\par\\nopagebreak"
  }

  private func environment(_ name: String, _ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    return (["\\begin{\(name)}"] + lines + ["\\end{\(name)}"]).joined(separator: "\n")
  }
}
