import Datasets
import Foundation
import Testing

/// Expected values are torch's: `Tests/Golden/golden_splits.py` made them.
@Suite struct TorchPermutationTests {
  struct Case: Decodable, Sendable {
    var count: Int
    var seed: UInt64
    var first: [Int]
    var last: [Int]
    /// Of the indices as little-endian 64-bit integers.
    var fnv1a: String
  }

  @Test("a permutation is torch's, element by element")
  func equalsTorch() throws {
    let cases = try GoldenSplits.read().permutations
    #expect(cases.count == 18)
    for expected in cases {
      let indices = TorchPermutation.indices(expected.count, seed: expected.seed)
      #expect(Array(indices.prefix(5)) == expected.first)
      #expect(Array(indices.suffix(5)) == expected.last)
      #expect(hash(indices) == expected.fnv1a, "\(expected.count), seed \(expected.seed)")
    }
  }

  @Test("no examples give no indices")
  func empty() {
    #expect(TorchPermutation.indices(0, seed: 42).isEmpty)
  }

  private func hash(_ indices: [Int]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in indices {
      var rest = UInt64(index)
      for _ in 0..<8 {
        hash = (hash ^ (rest & 0xFF)) &* 0x100_0000_01B3
        rest >>= 8
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
