/// Whether the label words that are given for own data suit the targets that they have.
struct OwnWords {
  private let words: [String: String]
  /// Classes that no example has had so far.
  private var unmet: Set<String>
  /// A target without a word of its own that is another class's word.
  private var taken: String?

  init(_ preparation: Preparation) {
    words = preparation.labelWords ?? [:]
    unmet = Set(words.keys)
  }

  /// Takes notice of an example's target.
  mutating func meet(_ target: String) {
    guard !words.isEmpty else { return }
    unmet.remove(target)
    if taken == nil, words[target] == nil, words.values.contains(target) { taken = target }
  }

  /// - Parameter name: what the data are called.
  /// - Throws: `DatasetError.unusable` where a word is for no class, or for two.
  func check(_ name: String) throws(DatasetError) {
    if let word = unmet.sorted().first {
      throw .unusable(
        "label words are given for '\(word)', which is the target of no example of '\(name)'; "
          + "spell the class as the data do")
    }
    if let taken {
      throw .unusable(
        "the label word '\(taken)' is also what other examples of '\(name)' have as their target; "
          + "give that class a word as well, or choose another")
    }
  }
}
