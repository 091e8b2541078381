/// Encodes ASCII text word by word, as SentencePiece does the whole text, from words met before.
///
/// No piece reaches across the space before a word, so the best way to spell a text is the best
/// one for each of its words. SentencePiece adds up scores along the text in 32-bit floats, and
/// what is lost in rounding may decide between ways that cost nearly the same: a word counts only
/// where its best way is ahead of all others by far more than that.
struct UnigramWords: Sendable {
  private enum Kind: UInt8 {
    /// Text with such a byte is left to SentencePiece.
    case other
    case space
    case word
  }

  private let model: SentencePieceModel
  private let lattice: WordLattice
  private let cache = WordCache()
  private let kinds: [Kind]

  /// Takes a model and the bytes that it was loaded from; nil where its words depend on each
  /// other. Text with one of the `literals` is not for it.
  init?(_ model: SentencePieceModel, bytes: [UInt8], literals: LiteralTokens) {
    guard let file = SentencePieceFile(bytes), let lattice = WordLattice(file) else { return nil }
    var kinds = Array(repeating: Kind.other, count: 256)
    for byte in 0x21...0x7e where !literals.mayBegin(with: UInt8(byte)) { kinds[byte] = .word }
    for piece in file.pieces where piece.role == .userDefined {
      if let first = piece.bytes.first { kinds[Int(first)] = .other }
    }
    kinds[0x20] = literals.mayBegin(with: 0x20) ? .other : .space
    self.kinds = kinds
    self.model = model
    self.lattice = lattice
  }

  /// Appends the ids of a text; false where they are not certain, and then nothing is appended.
  func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int]) -> Bool {
    let before = ids.count
    let isCertain = kinds.withUnsafeBufferPointer { append(text, kinds: $0, to: &ids) }
    if !isCertain { ids.removeLast(ids.count - before) }
    return isCertain
  }

  private func append(
    _ text: UnsafeBufferPointer<UInt8>, kinds: UnsafeBufferPointer<Kind>, to ids: inout [Int]
  ) -> Bool {
    var cost = 0.0
    var index = 0
    while index < text.count {
      let start = index
      var hash = WordCache.hashSeed
      while index < text.count, kinds[Int(text[index])] == .word {
        hash = WordCache.hash(hash, adding: text[index])
        index += 1
      }
      if index < text.count && kinds[Int(text[index])] == .other { return false }
      if start < index {
        let word = UnsafeBufferPointer(rebasing: text[start..<index])
        if let known = cache.find(word, hash: hash) {
          guard cost <= known.reach else { return false }
          cost += known.cost
          ids.append(contentsOf: known.ids)
        } else {
          guard word.count <= WordCache.longestWord else { return false }
          let new = learn(word, hash: hash)
          guard cost <= new.reach else { return false }
          cost += new.cost
          ids.append(contentsOf: new.ids)
        }
      }
      index += 1
    }
    return true
  }

  /// Has SentencePiece encode a word.
  private func learn(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64)
    -> (ids: [Int], cost: Double, reach: Double)
  {
    let spaced = [UInt8(ascii: " ")] + word
    let judgement = spaced.withUnsafeBufferPointer { lattice.judge($0) }
    let ids = model.encode(word)
    let reach = judgement.reach(of: spaced.count)
    cache.keep(word, hash: hash, ids: ids, cost: judgement.cost, reach: reach)
    return (ids, judgement.cost, reach)
  }
}

extension WordLattice.Judgement {
  /// The cost of the text before a word of so many characters up to which the best way is certain.
  ///
  /// A sum of size *s* loses at most 2⁻²⁴ *s* when it is rounded to a float. Two ways to a place
  /// share the text before the word and add at most *n* pieces each in a word of *n* characters,
  /// so at most 2*n* 2⁻²⁴ *s* is lost between them, where *s* is at most the cost of the text
  /// before and the greatest cost in the word. Eight times that leaves room for the rounding of
  /// the costs and their sums here.
  func reach(of length: Int) -> Double {
    margin * 0x1p24 / Double(16 * length) - greatestCost
  }
}
