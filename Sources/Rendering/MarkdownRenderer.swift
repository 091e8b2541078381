public import Documents

/// A document as Markdown, GitHub's dialect, that reads well as plain text too.
public struct MarkdownRenderer: Sendable {
  /// How figures appear.
  public enum Figures: Hashable, Sendable {
    /// As tables of a few steps.
    case tables
    /// As image links to `<folder>/<file>.svg`, the files of ``SVGRenderer``, and as tables.
    case linked(folder: String)
  }

  public var figures: Figures

  public init(figures: Figures = .tables) { self.figures = figures }

  /// The file's text.
  public func render(_ document: Document) -> String {
    var body = MarkdownBody(figures: figures)
    if !document.kicker.isEmpty { body.write(Escaping.markdown(document.kicker)) }
    body.write("# \(Escaping.markdown(document.title))")
    if !document.facts.isEmpty {
      body.write(document.facts.map { Escaping.markdown($0) }.joined(separator: " · "))
    }
    for block in document.blocks { body.append(block) }
    let sources = document.digests.map { "\($0.label) \($0.value)" }.joined(separator: " · ")
    if !sources.isEmpty { body.write("---\n\n\(Escaping.markdown(sources))") }
    return body.parts.joined(separator: "\n\n") + "\n"
  }
}
