public import Documents

/// A document as one HTML file: no script, no request, light, dark and on paper.
///
/// Equal documents give equal bytes. All text is escaped; notes go through a Markdown parser that
/// shows raw HTML as text. A content security policy forbids everything but the page's own style.
public struct HTMLRenderer: Sendable {
  /// Seconds after which a browser that shows the page reads it again; `nil`: never.
  public var reloadsEvery: Int?

  public init(reloadsEvery: Int? = nil) { self.reloadsEvery = reloadsEvery }

  /// The page.
  public func render(_ document: Document) -> String {
    var body = HTMLBody()
    for block in document.blocks { body.append(block) }
    let page = HTMLPage(
      title: document.title, kicker: document.kicker, facts: document.facts,
      comment: document.digests.map { "\($0.label) \($0.value)" }.joined(separator: " · "),
      style: body.hasStates ? "\(HTMLStyle.text)\n\(HTMLStyle.states)" : HTMLStyle.text,
      body: body.text, reloadsEvery: reloadsEvery)
    return page.text
  }
}
