import TensorEngine
import Testing

@Suite struct RandomKeyTests {
  @Test("a key is a pure function of seed, names and numbers")
  func pure() {
    let key = RandomKey(seed: 7).folding("dropout").folding(3)
    #expect(key == RandomKey(seed: 7).folding("dropout").folding(3))
    #expect(key.bits(5) == RandomKey(seed: 7).folding("dropout").folding(3).bits(5))
  }

  @Test("different seeds, names and numbers give different keys")
  func distinct() {
    var keys: Set<RandomKey> = []
    for seed in -3..<3 {
      for name in ["", "a", "b", "ab", "ba"] {
        for number in -3..<3 {
          keys.insert(RandomKey(seed: seed).folding(name).folding(number))
          keys.insert(RandomKey(seed: seed).folding(number).folding(name))
        }
      }
    }
    #expect(keys.count == 6 * 5 * 6 * 2)
  }

  @Test("unit numbers lie in 0..<1 with the moments of a uniform distribution")
  func uniform() {
    let key = RandomKey(seed: 1)
    let units = (0..<100_000).map(key.unit)
    #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = units.reduce(0, +) / 100_000
    let variance = units.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    #expect(abs(mean - 0.5) < 0.005)
    #expect(abs(variance - 1.0 / 12) < 0.002)
  }

  @Test("a permutation has every number once, and every number comes first about equally often")
  func permutation() {
    #expect(RandomKey(seed: 1).permutation(0).isEmpty)
    #expect(RandomKey(seed: 1).permutation(1) == [0])
    var first = Array(repeating: 0, count: 10)
    for seed in 0..<5000 {
      let order = RandomKey(seed: seed).permutation(10)
      #expect(order.sorted() == Array(0..<10))
      first[order[0]] += 1
    }
    // Five standard deviations of a binomial count.
    #expect(first.allSatisfy { abs(Double($0) - 500) < 5 * 21.3 })
  }

  @Test("normal and uniform tensors have the stated moments and bounds")
  func tensors() {
    let normal = Tensor.normal([400, 250], deviation: 3, key: RandomKey(seed: 2)).scalars
    let mean = normal.reduce(0.0) { $0 + Double($1) } / 100_000
    let squares = normal.reduce(0.0) { $0 + Double($1 * $1) } / 100_000
    #expect(abs(mean) < 5 * 3 / 316.2)
    #expect(abs(squares - 9) < 0.3)
    let uniform = Tensor.uniform([1000], in: -0.25...0.5, key: RandomKey(seed: 3)).scalars
    #expect(uniform.allSatisfy { (-0.25...0.5).contains($0) })
    #expect((uniform.min() ?? 0) < -0.24 && (uniform.max() ?? 0) > 0.49)
  }
}
