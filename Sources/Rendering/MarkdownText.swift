import Documents

/// Runs of text as Markdown.
enum MarkdownText {
  static func text(_ parts: [Inline]) -> String { parts.map { text($0) }.joined() }

  private static func text(_ part: Inline) -> String {
    switch part {
    case .text(let text): return Escaping.markdown(text)
    case .emphasis(let parts): return "*\(text(parts))*"
    case .strong(let parts): return "**\(text(parts))**"
    case .underlined(let parts): return "<u>\(text(parts))</u>"
    case .code(let code): return "<code>\(Escaping.markdown(code))</code>"
    case .link(let parts, let target):
      guard let safe = Links.safe(target) else { return text(parts) }
      return "[\(text(parts))](\(address(safe)))"
    }
  }

  /// An address between angle brackets where it needs them.
  static func address(_ target: String) -> String {
    let plain = target.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value < 0x7F && !"()<>\\".unicodeScalars.contains($0)
    }
    guard !plain else { return target }
    let kept = target.unicodeScalars.filter { !"<>\n\r\\".unicodeScalars.contains($0) }
    return "<\(String(String.UnicodeScalarView(kept)))>"
  }

  /// A code block whose fence is longer than any inside.
  static func fenced(_ code: String, _ language: String) -> String {
    var longest = 0
    var run = 0
    for character in code {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    let word = language.filter { $0.isLetter || $0.isNumber || "+-#".contains($0) }
    return "\(fence)\(word)\n\(code)\n\(fence)"
  }
}
