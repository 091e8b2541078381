import Documents

/// The blocks of a Markdown file, with what has to be counted on the way.
struct MarkdownBody {
  let figures: MarkdownRenderer.Figures
  /// Paragraphs; blank lines go between them.
  private(set) var parts: [String] = []
  private var names = UniqueNames()
  private var tableCount = 0
  private var figureCount = 0

  init(figures: MarkdownRenderer.Figures) { self.figures = figures }

  mutating func write(_ part: String) { parts.append(part) }

  mutating func append(_ block: Block) {
    switch block {
    case .heading(let level, let text):
      write(String(repeating: "#", count: min(6, max(2, level))) + " " + MarkdownText.text(text))
    case .paragraph(let text): write(MarkdownText.text(text))
    case .note(let markdown):
      let text = NoteText(markdown).commonMark
      write(String(text.reversed().drop(while: \.isNewline).reversed()))
    case .table(let table):
      if !table.caption.isEmpty {
        tableCount += 1
        write("**Table \(tableCount).** \(MarkdownText.text(table.caption))")
      }
      write(MarkdownTable(table).text)
      if !table.footnotes.isEmpty {
        let notes = table.footnotes.map {
          "<sup>\(Escaping.markdown($0.mark))</sup> \(MarkdownText.text($0.text))"
        }
        write(notes.joined(separator: "  \n"))
      }
    case .figure(let figure): append(figure)
    case .definitions(let list):
      let lines = list.map { "- \(Escaping.markdown($0.term)): \(MarkdownText.text($0.text))" }
      write(lines.joined(separator: "\n"))
    case .list(let ordered, let items):
      let lines = items.enumerated().map { index, item in
        "\(ordered ? "\(index + 1)." : "-") \(MarkdownText.text(item))"
      }
      write(lines.joined(separator: "\n"))
    case .code(let code, let language): write(MarkdownText.fenced(code, language))
    case .details(let summary, let blocks):
      write("<details><summary>\(Escaping.html(summary))</summary>")
      for block in blocks { append(block) }
      write("</details>")
    case .state(let state, let reason):
      guard state != .fresh else { return }
      write("*\(state.rawValue): \(Escaping.markdown(reason))*")
    }
  }

  private mutating func append(_ figure: Figure) {
    figureCount += 1
    write("**Figure \(figureCount).** \(MarkdownText.text(figure.caption))")
    let name = names.name(figure.name)
    for (index, chart) in figure.panels.enumerated() {
      write("*\(Escaping.markdown(chart.title))*")
      if case .linked(let folder) = figures {
        let address = "\(folder)/\(name)-\(index + 1).svg"
        write("![\(Escaping.markdown(chart.summary))](\(MarkdownText.address(address)))")
      }
      write(MarkdownTable(ChartData(chart, limit: 6).table).text)
    }
  }
}
