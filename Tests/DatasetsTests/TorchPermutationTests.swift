import Datasets
import Testing

/// Expected numbers are torch 2.13.0's: `torch.randperm(n, generator=g)` with `g.manual_seed(42)`.
@Suite struct TorchPermutationTests {
  struct Case: Sendable {
    var count: Int
    var first: [Int]
    var last: [Int]
    var checksum: Int
  }

  static let cases = [
    Case(count: 1, first: [0], last: [0], checksum: 0),
    Case(count: 2, first: [0, 1], last: [0, 1], checksum: 1),
    Case(count: 5, first: [2, 4, 3, 0, 1], last: [3, 0, 1], checksum: 1_969_090),
    Case(
      count: 10, first: [2, 6, 1, 8, 4, 5, 0, 9], last: [9, 3, 7], checksum: 58_031_322_332_505),
    Case(
      count: 28, first: [22, 24, 8, 17, 0, 10, 20, 12], last: [26, 13, 3],
      checksum: 1_332_402_811_236_977_366),
    Case(
      count: 56, first: [22, 8, 36, 39, 34, 28, 26, 6], last: [38, 0, 3],
      checksum: 1_667_169_353_440_873_242),
    Case(
      count: 277, first: [207, 84, 253, 243, 190, 28, 165, 111], last: [1, 119, 38],
      checksum: 1_195_667_223_772_110_909),
    Case(
      count: 67349, first: [6677, 49712, 38268, 32909, 23395, 66940, 62886, 11359],
      last: [8208, 58784, 3253], checksum: 1_332_759_183_312_160_373),
  ]

  @Test("a permutation with seed 42 is torch's, element by element", arguments: cases)
  func equalsTorch(_ expected: Case) {
    let indices = TorchPermutation.indices(expected.count, seed: 42)
    #expect(Array(indices.prefix(8)) == expected.first)
    #expect(Array(indices.suffix(3)) == expected.last)
    let prime: UInt64 = (1 << 61) - 1
    let checksum = indices.reduce(UInt64(0)) { sum, index in
      // 31 · sum stays below 2⁶⁶, so the product is reduced in 128 bits.
      UInt64((UInt128(sum) * 31 + UInt128(index)) % UInt128(prime))
    }
    #expect(checksum == UInt64(expected.checksum))
  }

  @Test("no examples give no indices")
  func empty() {
    #expect(TorchPermutation.indices(0, seed: 42).isEmpty)
  }
}
