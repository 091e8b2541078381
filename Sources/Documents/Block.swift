/// A part of a document.
public indirect enum Block: Hashable, Sendable, Codable {
  /// A heading; level 2 is a section, 3 a subsection (1 is the document's own title).
  case heading(level: Int, text: [Inline])
  case paragraph([Inline])
  /// Markdown as its author wrote it (GitHub's dialect). Raw HTML in it is shown, never obeyed.
  case note(markdown: String)
  case table(Table)
  case figure(Figure)
  case definitions([Definition])
  case list(ordered: Bool, items: [[Inline]])
  case code(String, language: String)
  /// Blocks that are folded away until asked for.
  case details(summary: String, blocks: [Block])
  /// How the blocks that follow stand, and why, where they are not fresh: plain text.
  case state(CellState, reason: String)
}

/// A term and what is to be said about it.
public struct Definition: Hashable, Sendable, Codable {
  public var term: String
  public var text: [Inline]

  public init(_ term: String, _ text: [Inline]) {
    self.term = term
    self.text = text
  }

  public init(_ term: String, _ text: String) { self.init(term, [.text(text)]) }
}
