import TensorEngine
import Testing

@Suite struct DropoutTests {
  private static let count = 200_000

  @Test("about the stated share is dropped, and the mean is kept", arguments: [0.1, 0.5, 0.9])
  func share(probability: Double) {
    let key = RandomKey(seed: 1).folding("share")
    let kept = Tensor.ones([Self.count]).dropout(Float(probability), key: key).scalars
    let count = Double(kept.count)
    let survivors = Double(kept.count { $0 != 0 })
    // Five standard deviations of a binomial count.
    let deviation = (count * probability * (1 - probability)).squareRoot()
    #expect(abs(survivors - count * (1 - probability)) < 5 * deviation)
    let mean = kept.reduce(0.0) { $0 + Double($1) } / count
    #expect(abs(mean - 1) < 5 * deviation / count / (1 - probability) + 1e-6)
    for value in kept where value != 0 {
      #expect(abs(Double(value) * (1 - probability) - 1) < 1e-6)
      break
    }
  }

  @Test("masks of different keys are independent, masks of one key are the same")
  func keys() {
    let ones = Tensor.ones([Self.count])
    let names = ["a", "b", "encoder.0.attention", "encoder.1.attention"]
    let masks = names.map { name in
      ones.dropout(0.5, key: RandomKey(seed: 2).folding(name)).scalars.map { $0 != 0 }
    }
    for (index, mask) in masks.enumerated() {
      let again = ones.dropout(0.5, key: RandomKey(seed: 2).folding(names[index])).scalars
      #expect(again.map { $0 != 0 } == mask)
      for other in masks.dropFirst(index + 1) {
        let agreeing = zip(mask, other).count { $0 == $1 }
        #expect(abs(Double(agreeing) - 100_000) < 5 * 224)
      }
    }
  }

  @Test("neighbouring elements, and elements a row apart, are dropped independently")
  func neighbours() {
    let mask = Tensor.ones([Self.count]).dropout(0.5, key: RandomKey(seed: 3)).scalars
    for distance in [1, 2, 8, 64, 768, 1 << 16] {
      let pairs = zip(mask, mask.dropFirst(distance))
      let agreeing = Double(pairs.count { ($0 == 0) == ($1 == 0) })
      let count = Double(mask.count - distance)
      #expect(abs(agreeing - count / 2) < 5 * count.squareRoot() / 2, "distance \(distance)")
    }
  }

  @Test("a probability of 0 returns the operand itself, constants stay constant")
  func zero() {
    let x = Tensor([1, -2], shape: [2])
    #expect(x.dropout(0, key: RandomKey(seed: 1)).scalars == [1, -2])
    #expect(x.dropout(0.5, key: RandomKey(seed: 1)).isConstant)
  }
}
