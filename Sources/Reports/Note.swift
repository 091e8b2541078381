public import Documents
public import Experiments

/// Prose in Markdown, GitHub's dialect: what the experiment asks, and what its author concludes.
public struct Note: Cell {
  public var markdown: String

  public init(_ markdown: String) { self.markdown = markdown }

  public func blocks(_ results: ResultSet) -> [Block] { [.note(markdown: markdown)] }
}
