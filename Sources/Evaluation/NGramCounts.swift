/// One to four words in a row, by number; the rest is 0.
typealias NGram = SIMD4<UInt32>

extension NGram {
  /// The number of words.
  var order: Int { (0..<4).count { self[$0] != 0 } }
}

/// How often every n-gram of a text occurs.
struct NGramCounts {
  /// The number of words of the text.
  let length: Int
  /// Distinct n-grams in order of first appearance: sums over them have the same bits each time.
  private(set) var distinct: [NGram] = []
  private var counts: [NGram: Int] = [:]

  /// Counts the n-grams of 1 to `order` words.
  ///
  /// - Precondition: `order` is 1 to 4, the most that an `NGram` holds.
  init(_ words: [UInt32], upTo order: Int = 4) {
    precondition((1...4).contains(order), "an n-gram has 1 to 4 words")
    length = words.count
    for start in words.indices {
      var ngram = NGram()
      for place in 0..<min(order, words.count - start) {
        ngram[place] = words[start + place]
        if counts[ngram, default: 0] == 0 { distinct.append(ngram) }
        counts[ngram, default: 0] += 1
      }
    }
  }

  subscript(ngram: NGram) -> Int { counts[ngram] ?? 0 }

  /// The number of n-grams of `order` words, counted with multiplicity.
  func total(order: Int) -> Int { max(0, length - order + 1) }
}
