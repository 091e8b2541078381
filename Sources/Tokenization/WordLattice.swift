/// The ways to spell a word with the pieces of a unigram vocabulary (Kudo 2018, arXiv
/// 1804.10959), told apart by their scores.
struct WordLattice: Sendable {
  /// The best way to spell a word, and how it compares.
  struct Judgement: Hashable {
    /// The cost of the best way, the negative of its score.
    var cost: Double
    /// By how much the second best way costs more; infinite where there is none.
    var margin: Double
    /// The greatest cost on the best way to any place of the word.
    var greatestCost: Double
  }

  /// Pieces of ASCII alone, with a space for `▁`.
  private let pieces: SpellingTable
  private let costs: [Double]
  private let longest: Int
  private let unknownCost: Double

  /// What SentencePiece takes from the lowest score for a character that no piece spells.
  private static let unknownPenalty: Float = 10
  /// `▁` in UTF-8.
  private static let space: [UInt8] = [0xe2, 0x96, 0x81]

  /// Nil where the words of an ASCII text are not spelled independently of each other: where the
  /// vocabulary has another form than T5's, or a piece with a space behind its beginning.
  init?(_ file: SentencePieceFile?) {
    guard let file, file.isUnigram, !file.byteFallback, !file.spacesFollowWords, file.gathersSpaces,
      NormalizationRules(file.normalization)?.keepsASCII == true
    else { return nil }
    var spellings: [[UInt8]?] = []
    var lowest = Float.greatestFiniteMagnitude
    for piece in file.pieces {
      switch piece.role {
      case .normal:
        let startsWithSpace = piece.bytes.starts(with: Self.space)
        let rest = startsWithSpace ? piece.bytes.dropFirst(3) : piece.bytes
        guard piece.score <= 0, piece.score.isFinite, !Self.hasSpace(rest) else { return nil }
        lowest = min(lowest, piece.score)
        let isASCII = rest.allSatisfy { $0 < 0x80 }
        spellings.append(isASCII ? (startsWithSpace ? [UInt8(ascii: " ")] : []) + rest : nil)
      // Found only where a text has their first character.
      case .userDefined:
        guard let first = piece.bytes.first, 0x21...0x7e ~= first else { return nil }
        spellings.append(nil)
      case .unknown, .control: spellings.append(nil)
      default: return nil
      }
    }
    pieces = SpellingTable(spellings)
    costs = file.pieces.map { -Double($0.score) }
    longest = spellings.reduce(0) { max($0, $1?.count ?? 0) }
    unknownCost = -Double(lowest - Self.unknownPenalty)
    // A run of unknown characters becomes one id, across words unless a known space parts them.
    guard pieces.id(of: [UInt8(ascii: " ")]) != nil else { return nil }
  }

  private static func hasSpace(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains {
      bytes[$0] == UInt8(ascii: " ") || bytes[$0] == space[0] && bytes[$0...].starts(with: space)
    }
  }

  /// Judges a word of visible ASCII characters that a space precedes; the space is its first byte.
  func judge(_ word: UnsafeBufferPointer<UInt8>) -> Judgement {
    // The costs of the best and the second best way to each place.
    var best = Array(repeating: Double.infinity, count: word.count + 1)
    var second = best
    best[0] = 0
    for start in word.indices {
      func reach(_ end: Int, at cost: Double) {
        for total in [best[start] + cost, second[start] + cost] {
          if total < best[end] {
            second[end] = best[end]
            best[end] = total
          } else if total < second[end] {
            second[end] = total
          }
        }
      }
      var isKnown = false
      for end in start + 1...min(start + longest, word.count) {
        let spelling = UnsafeBufferPointer(rebasing: word[start..<end])
        guard let id = pieces.id(of: spelling) else { continue }
        if end == start + 1 { isKnown = true }
        reach(end, at: costs[Int(id)])
      }
      if !isKnown { reach(start + 1, at: unknownCost) }
    }
    return Judgement(
      cost: best[word.count],
      margin: second[word.count] - best[word.count],
      greatestCost: best.reduce(0, max))
  }
}
