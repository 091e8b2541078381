public import Tokenization

/// How texts become the ids that a backbone reads and writes: no weights are needed for it.
public struct BackboneText: Sendable {
  /// What knows the vocabulary.
  public let tokenizer: any Tokenizer
  /// The question that follows every source, for models without an encoder of their own; `nil`: the
  /// end token does.
  public let sourceEnding: String?
  private let endingIDs: [Int]

  public init(tokenizer: any Tokenizer, sourceEnding: String?) {
    self.tokenizer = tokenizer
    self.sourceEnding = sourceEnding
    endingIDs = sourceEnding.map(tokenizer.encodeWithoutEnd) ?? [tokenizer.endToken]
  }

  /// The ids of a source, at most `length` of them: what is too long is cut, and never loses what
  /// has to follow a source, be it the end token or the question that asks for a target.
  public func sourceIDs(
    _ text: String, length: Int = .max, cutting end: Truncation = .end
  ) -> [Int] {
    let ids =
      sourceEnding.map { tokenizer.encodeWithoutEnd(text + $0) } ?? tokenizer.encode(text)
    return cut(sourceIDs: ids, to: length, end)
  }

  /// The ids of a whole source, cut as `sourceIDs(_:length:cutting:)` cuts them.
  public func cut(sourceIDs ids: [Int], to length: Int, _ end: Truncation = .end) -> [Int] {
    guard ids.count > length else { return ids }
    switch end {
    case .end:
      let kept = ids.prefix(max(0, length - endingIDs.count)) + endingIDs
      return Array(kept.suffix(max(1, length)))
    case .start:
      return Array(ids.suffix(max(1, length)))
    }
  }

  /// The ids of a target, the end token included, at most `length` of them: what is too long loses
  /// its last pieces, not its end.
  public func targetIDs(_ text: String, length: Int = .max) -> [Int] {
    cut(targetIDs: tokenizer.encode(text), to: length)
  }

  /// The ids of a whole target, cut as `targetIDs(_:length:)` cuts them.
  public func cut(targetIDs ids: [Int], to length: Int) -> [Int] {
    ids.count > length ? ids.prefix(max(0, length - 1)) + [tokenizer.endToken] : ids
  }
}
