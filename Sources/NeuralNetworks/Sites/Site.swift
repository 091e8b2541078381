/// A place in a backbone where a tuning method may act.
///
/// `Kind` is a phantom type: only what makes sense at a site compiles there.
public struct Site<Kind: SiteKind>: Hashable, Sendable {
  /// The same words for every backbone: `encoder.3.query`.
  public let path: SitePath
  /// The width that enters, known without running anything.
  public let input: Int
  /// The width that leaves.
  public let output: Int

  package init(_ path: SitePath, input: Int, output: Int) {
    self.path = path
    self.input = input
    self.output = output
  }
}

/// What can be done at a site.
public protocol SiteKind: Sendable {}

/// A frozen tensor, seen through a function of itself.
public enum Weight: SiteKind {}
/// A function from `[rows, input]` to `[rows, output]`, which may be wrapped.
public enum Call: SiteKind {}
/// The keys and values of an attention, which may be edited before queries attend to them.
public enum Attention: SiteKind {}
/// The embedded input sequence of a stack, which may be edited before the first layer.
public enum Embedding: SiteKind {}
