import Datasets
public import Tokenization

/// An example as token ids, cut to length with the end token kept.
public struct TokenizedExample: Hashable, Sendable {
  public let source: [Int]
  public let target: [Int]

  public init(source: [Int], target: [Int]) {
    self.source = source
    self.target = target
  }
}

extension Tokenizer {
  /// The ids of a text, the end token included, at most `length` of them: what is too long loses
  /// its last pieces, not its end.
  public func encode(_ text: String, length: Int) -> [Int] {
    let ids = encodeWithoutEnd(text)
    return ids.prefix(max(0, length - 1)) + [endToken]
  }
}
