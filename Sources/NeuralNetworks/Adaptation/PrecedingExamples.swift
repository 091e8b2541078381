public import TensorEngine

/// The examples of a part of a batch that come before those of a pass.
///
/// A mask of dropout goes by the place of its row in the part. A part that needs less memory is
/// computed in pieces, and with what came before them these have the masks of the whole.
public struct PrecedingExamples: Hashable, Sendable {
  /// How many they are.
  public var count = 0
  /// Their source tokens, and their target tokens.
  public var sourceTokens = 0
  public var targetTokens = 0
  /// The tokens of the longest target of the whole part; `nil`: that of the pass.
  public var longestTarget: Int?

  public init() {}

  /// The place in the part of the first of `rows`, where each sequence has its tokens and the same
  /// number of rows besides, such as those of a prompt.
  ///
  /// - Parameters:
  ///   - rows: the rows of a stack in this pass.
  ///   - tokens: how many of them are tokens of the pass.
  ///   - before: the tokens of the same kind in the examples that come before.
  public func firstRow(of rows: Segments, tokens: Int, before: Int) -> Int {
    guard count > 0, rows.count > 0 else { return 0 }
    return before + count * ((rows.rows - tokens) / rows.count)
  }
}
