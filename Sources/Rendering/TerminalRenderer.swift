public import Documents

/// A document for a terminal: aligned tables, plain text, colours only if asked for.
public struct TerminalRenderer: Sendable {
  /// Whether bold, underline and faint may be set by escape sequences.
  public var isStyled: Bool

  public init(styled: Bool = false) { isStyled = styled }

  /// The whole document.
  public func render(_ document: Document) -> String {
    var parts = [style(Escaping.terminal(document.title), .bold)]
    if !document.facts.isEmpty {
      parts.append(Escaping.terminal(document.facts.joined(separator: " · ")))
    }
    parts += document.blocks.compactMap { block($0) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// One table, with caption and footnotes.
  public func render(_ table: Table) -> String {
    var lines: [String] = []
    if !table.caption.isEmpty { lines.append(Escaping.terminal(table.caption.plain)) }
    lines += TerminalTable(table, renderer: self).lines
    lines += table.footnotes.map { Escaping.terminal("\($0.mark): \($0.text.plain)") }
    return lines.joined(separator: "\n")
  }

  private func block(_ block: Block) -> String? {
    switch block {
    case .heading(_, let text): return style(Escaping.terminal(text.plain), .bold)
    case .paragraph(let text): return Escaping.terminal(text.plain)
    case .note(let markdown):
      return NoteText(markdown).plain.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Escaping.terminal(String($0)) }.joined(separator: "\n")
        .trimmingNewlines
    case .table(let table): return render(table)
    case .figure(let figure): return Escaping.terminal(figure.caption.plain)
    case .definitions(let list):
      let width = list.map { TerminalText.width($0.term) }.max() ?? 0
      return list.map { entry in
        TerminalText.padded(Escaping.terminal(entry.term), to: width, .leading) + "  "
          + Escaping.terminal(entry.text.plain)
      }.joined(separator: "\n")
    case .list(let ordered, let items):
      return items.enumerated().map { index, item in
        "\(ordered ? "\(index + 1)." : "-") \(Escaping.terminal(item.plain))"
      }.joined(separator: "\n")
    case .code(let code, _):
      return code.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "    " + Escaping.terminal(String($0)) }.joined(separator: "\n")
    case .details: return nil
    case .state(let state, let reason):
      guard state != .fresh else { return nil }
      return style("\(state.rawValue): \(Escaping.terminal(reason))", .faint)
    }
  }

  enum Style: String {
    case bold = "1"
    case underlined = "4"
    case faint = "2"
  }

  func style(_ text: String, _ style: Style) -> String {
    isStyled && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  fileprivate var trimmingNewlines: String {
    String(drop(while: \.isNewline).reversed().drop(while: \.isNewline).reversed())
  }
}
