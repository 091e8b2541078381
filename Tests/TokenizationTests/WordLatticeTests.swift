import Foundation
import Testing

@testable import Tokenization

@Suite struct WordLatticeTests {
  private static let pieces: KeyValuePairs<String, Float> = [
    "▁": -2, "a": -4, "b": -4.5, "c": -5, "ab": -3, "bc": -3.25, "abc": -9, "▁a": -5, "▁ab": -4.75,
    "caa": -6, "aa": -7.5,
  ]

  /// The costs of all ways to spell a word, written with a space for `▁`.
  private func costs(_ word: Substring) -> [Double] {
    guard let first = word.first else { return [0] }
    var ways: [Double] = []
    for (piece, score) in Self.pieces {
      let spelling = piece.replacing("▁", with: " ")
      guard word.hasPrefix(spelling) else { continue }
      ways += costs(word.dropFirst(spelling.count)).map { $0 - Double(score) }
    }
    if !" abc".contains(first) {
      // Ten below the lowest score.
      ways += costs(word.dropFirst()).map { $0 + 19 }
    }
    return ways
  }

  @Test(
    "the best way and its margin are those of all ways compared",
    arguments: [
      "a", "ab", "abc", "abcaa", "aaaa", "xbc", "abx", "xx", "cabcabaab", "bcabcabcaab", "aXbXc",
    ])
  func judgesAllWays(word: String) throws {
    let file = SentencePieceFile(UnigramFixture.vocabulary(Self.pieces).sentencePieceModel)
    let lattice = try #require(WordLattice(file))
    let ways = costs(" " + word[...]).sorted()
    let judgement = Array((" " + word).utf8).withUnsafeBufferPointer { lattice.judge($0) }
    #expect(abs(judgement.cost - ways[0]) < 1e-9)
    if ways.count > 1 {
      #expect(abs(judgement.margin - (ways[1] - ways[0])) < 1e-9)
    } else {
      #expect(judgement.margin == .infinity)
    }
    #expect(judgement.greatestCost >= judgement.cost)
  }

  @Test("a nearer second, a longer word and a costlier one are certain less far into a text")
  func reach() {
    let base = WordLattice.Judgement(cost: 10, margin: 0.5, greatestCost: 12)
    var nearer = base
    nearer.margin = 0.25
    var costlier = base
    costlier.greatestCost = 13
    #expect(nearer.reach(of: 5) < base.reach(of: 5))
    #expect(costlier.reach(of: 5) < base.reach(of: 5))
    #expect(base.reach(of: 6) < base.reach(of: 5))
    #expect(base.reach(of: 5) > 50_000)
    var tied = base
    tied.margin = 0
    #expect(tied.reach(of: 5) < 0)
    var only = base
    only.margin = .infinity
    #expect(only.reach(of: 5) == .infinity)
  }
}
