public import Tokenization

/// A tokenizer for models without a vocabulary: one id a byte, folded into the ids there are.
public struct ByteTokenizer: Tokenizer {
  public let vocabularySize: Int
  public let padToken = 0
  public let endToken = 1

  /// - Precondition: more than three ids.
  public init(vocabularySize: Int) {
    precondition(vocabularySize > 3, "no id is left for a byte")
    self.vocabularySize = vocabularySize
  }

  public func encodeWithoutEnd(_ text: String) -> [Int] {
    text.utf8.map { 2 + Int($0) % (vocabularySize - 2) }
  }

  public func decode(_ ids: [Int]) -> String {
    ids.filter { $0 > 1 && $0 < vocabularySize }.map { "\($0)" }.joined(separator: " ")
  }
}
