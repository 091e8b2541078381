import Documents

/// Runs of text as LaTeX.
enum LaTeXText {
  static func text(_ parts: [Inline]) -> String { parts.map { text($0) }.joined() }

  private static func text(_ part: Inline) -> String {
    switch part {
    case .text(let text): return LaTeXEscaping.text(text)
    case .emphasis(let parts): return "\\emph{\(text(parts))}"
    case .strong(let parts): return "\\textbf{\(text(parts))}"
    case .underlined(let parts): return "\\underline{\(text(parts))}"
    case .code(let code): return "\\texttt{\(LaTeXEscaping.text(code))}"
    case .link(let parts, _): return text(parts)
    }
  }
}
