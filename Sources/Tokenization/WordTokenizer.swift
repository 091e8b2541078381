/// One id a word: the tokenizer of a model that has no vocabulary.
///
/// A number is the id that it names, any other word an id drawn from its letters. A text of *n*
/// words has *n* ids and its end, so that texts of a given length in tokens are easily written.
public struct WordTokenizer: Tokenizer {
  public let vocabularySize: Int
  public let padToken: Int
  public let endToken: Int

  /// - Precondition: more than three ids; both tokens are among them.
  public init(vocabularySize: Int, padToken: Int = 0, endToken: Int = 1) {
    precondition(vocabularySize > 3, "no id is left for a word")
    precondition(
      (0..<vocabularySize).contains(padToken) && (0..<vocabularySize).contains(endToken),
      "a special token is no id of the vocabulary")
    self.vocabularySize = vocabularySize
    self.padToken = padToken
    self.endToken = endToken
  }

  public func encodeWithoutEnd(_ text: String) -> [Int] {
    text.split(whereSeparator: \.isWhitespace).map(id)
  }

  public func decode(_ ids: [Int]) -> String {
    ids.filter { (0..<vocabularySize).contains($0) && !isSpecial($0) }.map { "\($0)" }
      .joined(separator: " ")
  }

  private func id(of word: Substring) -> Int {
    if let number = Int(word), (0..<vocabularySize).contains(number) { return number }
    // FNV-1a: the same on every machine, which Swift's own hash is not.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var id = Int(hash % UInt64(vocabularySize))
    while isSpecial(id) { id = (id + 1) % vocabularySize }
    return id
  }

  private func isSpecial(_ id: Int) -> Bool { id == padToken || id == endToken }
}
