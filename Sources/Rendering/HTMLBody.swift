import Documents

/// The blocks of a page, written one element a line, with what has to be counted on the way.
struct HTMLBody {
  private(set) var text = ""
  /// Whether a state is shown, which needs its style.
  private(set) var hasStates = false
  private var names = UniqueNames()
  private var tables = 0
  private var figures = 0

  mutating func append(_ block: Block) {
    switch block {
    case .heading(let level, let parts):
      let level = min(6, max(2, level))
      write("<h\(level)>\(HTMLText.html(parts))</h\(level)>")
    case .paragraph(let parts): write("<p>\(HTMLText.html(parts))</p>")
    case .note(let markdown):
      write("<section class=\"note\">")
      text += NoteText(markdown).html
      write("</section>")
    case .table(let table): append(table)
    case .figure(let figure):
      figures += 1
      let name = names.name(figure.name)
      text += HTMLFigure(figure, id: name, number: figures).html
    case .definitions(let list):
      write("<dl>")
      for entry in list {
        let term = Escaping.html(entry.term)
        write("<div><dt>\(term)</dt><dd>\(HTMLText.html(entry.text))</dd></div>")
      }
      write("</dl>")
    case .list(let ordered, let items):
      let tag = ordered ? "ol" : "ul"
      write("<\(tag)>")
      for item in items { write("<li>\(HTMLText.html(item))</li>") }
      write("</\(tag)>")
    case .code(let code, _): write("<pre><code>\(Escaping.html(code))</code></pre>")
    case .details(let summary, let blocks):
      write("<details>")
      write("<summary>\(Escaping.html(summary))</summary>")
      for block in blocks { append(block) }
      write("</details>")
    case .state(let state, let reason):
      guard state != .fresh else { return }
      hasStates = true
      write(
        "<p class=\"state \(state.rawValue)\"><b>\(state.rawValue)</b> "
          + "\(Escaping.html(reason))</p>")
    }
  }

  private mutating func append(_ table: Table) {
    var number: Int?
    if !table.caption.isEmpty {
      tables += 1
      number = tables
    }
    text += HTMLTable(table, id: names.name(table.name), number: number).html
  }

  private mutating func write(_ line: String) { text += line + "\n" }
}
