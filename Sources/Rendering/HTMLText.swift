import Documents

/// Runs of text as HTML.
enum HTMLText {
  static func html(_ parts: [Inline]) -> String { parts.map { html($0) }.joined() }

  private static func html(_ part: Inline) -> String {
    switch part {
    case .text(let text): return Escaping.html(text)
    case .emphasis(let parts): return "<em>\(html(parts))</em>"
    case .strong(let parts): return "<strong>\(html(parts))</strong>"
    case .underlined(let parts): return "<u>\(html(parts))</u>"
    case .code(let text): return "<code>\(Escaping.html(text))</code>"
    case .link(let parts, let address):
      guard let address = Links.safe(address) else { return html(parts) }
      return "<a href=\"\(Escaping.html(address))\">\(html(parts))</a>"
    }
  }
}
