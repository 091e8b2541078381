/// How much one optimizer step reads.
public enum BatchLimit: Hashable, Sendable {
  /// So many examples.
  case examples(Int)
  /// At most so many source tokens, their end tokens included, but at least one example.
  case tokens(Int)
}
