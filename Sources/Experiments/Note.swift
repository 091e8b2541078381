/// Prose in Markdown, GitHub's dialect, between the runs of a plan and between the cells of a
/// report: what the experiment asks, and what its author concludes.
///
/// A report shows the notes of the plan first, in their order.
public struct Note: Hashable, Sendable {
  public var markdown: String

  public init(_ markdown: String) { self.markdown = markdown }
}
