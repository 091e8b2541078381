import DeptTesting
import TensorEngine
import Testing

/// Sublayers in one go, beside bfloat16 weights: what is kept rounded between their products, where
/// the processor multiplies that, is what separate products would have rounded.
@Suite struct RoundedSublayerTests {
  /// Enough rows for tiles, and none of its numbers fills them.
  private let segments = Segments(lengths: [60, 1, 45])
  private let width = 70
  private let inner = 66
  private let hidden = 130
  private let key = RandomKey(seed: 3)

  @Test("self-attention", arguments: KernelChoice.available, [Float(0), 0.2])
  func attention(kernels: KernelChoice, dropout: Float) {
    var plan = AttentionShape(
      queries: segments, keys: segments, headCount: 2, dropout: dropout,
      dropoutKey: key.folding("probabilities"))
    plan.roundsOperands = true
    let (shape, outputKey) = (plan, key.folding("output"))
    let weights = AttentionWeights(
      query: weight(inner, width, 1), key: weight(inner, width, 2),
      value: weight(inner, width, 3), output: weight(width, inner, 4))
    // Sums of three gradients are added up in another order.
    compare(kernels, gradientsWithin: 1e-5) {
      $0.addingSelfAttention(of: $1, weights, shape, dropout: dropout, key: outputKey)
    } apart: { residual, x in
      let mixed = x.matmul(weights.query, transposingRHS: true).attention(
        keys: x.matmul(weights.key, transposingRHS: true),
        values: x.matmul(weights.value, transposingRHS: true), shape)
      return residual.adding(
        projectionOf: mixed, by: weights.output, dropout: dropout, key: outputKey)
    }
  }

  @Test("a rectified network", arguments: KernelChoice.available, [Float(0), 0.2])
  func network(kernels: KernelChoice, dropout: Float) {
    let (up, down) = (weight(hidden, width, 5), weight(width, hidden, 6))
    let (hiddenKey, outputKey) = (key.folding("hidden"), key.folding("output"))
    // A gradient is rounded, scaled by what dropout keeps, and rounded again.
    compare(kernels, gradientsWithin: dropout > 0 ? 4e-3 : 1e-5) {
      $0.addingRectifiedFeedForward(
        of: $1, up: up, down: down, dropout: dropout, hiddenKey: hiddenKey, outputKey: outputKey)
    } apart: { residual, x in
      let active = x.rectifiedProjection(by: up, dropout: dropout, key: hiddenKey)
      return residual.adding(
        projectionOf: active, by: down, dropout: dropout, key: outputKey)
    }
  }

  private func weight(_ output: Int, _ input: Int, _ seed: Int) -> Tensor {
    Tensor.normal([output, input], deviation: 0.1, key: RandomKey(seed: seed))
      .roundedToBFloat16()
  }

  /// The same bits forward, and gradients whose relative distance is within a bound.
  private func compare(
    _ kernels: KernelChoice, gradientsWithin bound: Float,
    together: (Tensor, Tensor) -> Tensor, apart: (Tensor, Tensor) -> Tensor
  ) {
    var parameters = Parameters()
    for (name, seed) in [("residual", 7), ("x", 8)] {
      parameters[name] = .normal(
        [segments.rows, width], deviation: 1, key: RandomKey(seed: seed))
    }
    let cotangent = Tensor.normal(
      [segments.rows, width], deviation: 1, key: RandomKey(seed: 9))
    func results(_ body: (Tensor, Tensor) -> Tensor) -> (value: Tensor, gradient: Parameters) {
      kernels {
        (
          body(parameters["residual"], parameters["x"]),
          valueWithGradient(at: parameters) {
            (body($0["residual"], $0["x"]) * cotangent).sum()
          }.gradient
        )
      }
    }
    let (found, expected) = (results(together), results(apart))
    #expect(found.value.bits == expected.value.bits)
    for name in parameters.names {
      let (x, y) = (found.gradient[name].scalars, expected.gradient[name].scalars)
      let difference = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let size = y.reduce(0) { $0 + $1 * $1 }
      #expect((difference / size).squareRoot() <= bound, "\(name)")
    }
  }
}
