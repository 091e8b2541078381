import TensorEngine
import Testing

/// The loss of a projected vocabulary is the loss of its logits, however they are cut.
@Suite struct ProjectedCrossEntropyTests {
  @Test("value and gradient are those of the logits", arguments: [1, 63, 64, 65, 130])
  func matchesLogits(rows: Int) {
    let (width, vocabulary) = (24, 77)
    let weight = Tensor.normal([vocabulary, width], deviation: 0.5, key: RandomKey(seed: 2))
    let targets = (0..<rows).map { Int32($0 * 5 % vocabulary) }
    var parameters = Parameters()
    parameters["hidden"] = .normal([rows, width], deviation: 1, key: RandomKey(seed: 1))
    let projected = valueWithGradient(at: parameters) {
      $0["hidden"].crossEntropy(
        projectedBy: weight, scale: 0.3, targets, normalizer: Float(rows) + 1)
    }
    let plain = valueWithGradient(at: parameters) {
      (0.3 * $0["hidden"]).matmul(weight, transposingRHS: true)
        .crossEntropy(targets, normalizer: Float(rows) + 1)
    }
    #expect(abs(projected.value - plain.value) < 1e-5 * abs(plain.value))
    let pairs = zip(projected.gradient["hidden"].scalars, plain.gradient["hidden"].scalars)
    let largest = plain.gradient["hidden"].scalars.map(abs).max() ?? 0
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-5 * largest })
  }

  @Test("without tokens there is no loss")
  func empty() {
    let hidden = Tensor.zeros([0, 4])
    let weight = Tensor.ones([5, 4])
    #expect(hidden.crossEntropy(projectedBy: weight, scale: 1, [], normalizer: 1).scalar == 0)
  }
}
