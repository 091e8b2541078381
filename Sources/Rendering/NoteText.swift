import CMarkdown
import Synchronization

/// A note's Markdown, parsed, made harmless, and written in another format.
///
/// Raw HTML becomes plain text, images become links (a report makes no request), links to anything
/// but `http`, `https`, `mailto` and relative addresses lose their target. Headings move down one
/// level, below the document's title.
struct NoteText {
  let markdown: String

  init(_ markdown: String) { self.markdown = Escaping.printable(markdown) }

  var html: String {
    write { root in cmark_render_html(root, CMARK_OPT_DEFAULT, nil) }
  }

  var commonMark: String {
    write { root in cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0) }
  }

  var latex: String {
    write { root in cmark_render_latex(root, CMARK_OPT_DEFAULT, 0) }
  }

  var plain: String {
    write { root in cmark_render_plaintext(root, CMARK_OPT_DEFAULT, 0) }
  }

  /// Held while notes are parsed: the library's extensions register their special characters in
  /// one table of the process for the time of a parse, so that two at once spoil each other.
  private static let library = Mutex(())

  private func write(
    _ render: (OpaquePointer) -> UnsafeMutablePointer<CChar>?
  ) -> String {
    Self.library.withLock { _ in parsed(render) }
  }

  private func parsed(
    _ render: (OpaquePointer) -> UnsafeMutablePointer<CChar>?
  ) -> String {
    cmark_gfm_core_extensions_ensure_registered()
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return "" }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
      if let found = cmark_find_syntax_extension(name) {
        cmark_parser_attach_syntax_extension(parser, found)
      }
    }
    let bytes = Array(markdown.utf8)
    bytes.withUnsafeBytes { buffer in
      let text = buffer.bindMemory(to: CChar.self)
      cmark_parser_feed(parser, text.baseAddress, text.count)
    }
    guard let root = cmark_parser_finish(parser) else { return "" }
    defer { cmark_node_free(root) }
    Self.sanitize(root)
    guard let text = render(root) else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(text) }
    return String(cString: text)
  }

  private static func sanitize(_ root: OpaquePointer) {
    guard let iterator = cmark_iter_new(root) else { return }
    defer { cmark_iter_free(iterator) }
    var doubtful: [OpaquePointer] = []
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) {
        doubtful.append(node)
      }
    }
    for node in doubtful {
      let kind = cmark_node_get_type(node)
      if kind == CMARK_NODE_HTML_INLINE || kind == CMARK_NODE_HTML_BLOCK {
        replaceByText(node, isBlock: kind == CMARK_NODE_HTML_BLOCK)
      } else if kind == CMARK_NODE_LINK {
        let address = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
        if Links.safe(address) == nil { cmark_node_set_url(node, "") }
      } else if kind == CMARK_NODE_IMAGE {
        replaceByLink(node)
      } else if kind == CMARK_NODE_HEADING {
        cmark_node_set_heading_level(node, min(6, cmark_node_get_heading_level(node) + 1))
      }
    }
  }

  private static func replaceByText(_ node: OpaquePointer, isBlock: Bool) {
    guard let text = cmark_node_new(CMARK_NODE_TEXT) else { return }
    let literal = cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    let trimmed = literal.split(whereSeparator: { $0.isNewline }).joined(separator: " ")
    cmark_node_set_literal(text, trimmed)
    var replacement = text
    if isBlock, let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH) {
      cmark_node_append_child(paragraph, text)
      replacement = paragraph
    }
    cmark_node_replace(node, replacement)
    cmark_node_free(node)
  }

  private static func replaceByLink(_ node: OpaquePointer) {
    guard let link = cmark_node_new(CMARK_NODE_LINK) else { return }
    let address = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
    cmark_node_set_url(link, Links.safe(address) ?? "")
    cmark_node_replace(node, link)
    while let child = cmark_node_first_child(node) {
      cmark_node_unlink(child)
      cmark_node_append_child(link, child)
    }
    cmark_node_free(node)
  }
}
