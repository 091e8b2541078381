import TensorEngine
import Testing

/// Single primitives beside float64 values that PyTorch computed.
@Suite struct GoldenPrimitiveTests {
  @Test("GELU and its derivative are PyTorch's, by both formulas", arguments: [true, false])
  func gelu(approximate: Bool) throws {
    let golden = try Golden.primitives().gelu
    let x = Tensor(golden.x.map(Float.init), shape: [golden.x.count])
    let (value, slope) = derivative(x, .ones(x.shape)) { $0.gelu(approximate: approximate) }
    expect(value.scalars, approximate ? golden.tanh : golden.erf, within: 1e-6)
    expect(slope.scalars, approximate ? golden.tanhDerivative : golden.erfDerivative, within: 2e-6)
  }

  @Test("the buckets of relative positions are transformers'")
  func buckets() throws {
    let golden = try Golden.primitives().relativePositionBuckets
    #expect(golden.count == 10)
    for entry in golden {
      let buckets = PositionBuckets(
        count: entry.buckets, maximumDistance: entry.maxDistance,
        isBidirectional: entry.bidirectional)
      let found = entry.values.indices.map { buckets.bucket(entry.firstPosition + $0) }
      #expect(found == entry.values)
    }
  }

  @Test("RMS norm and its gradients are PyTorch's")
  func rmsNorm() throws {
    let golden = try Golden.primitives().rmsNorm
    let (x, weight) = (matrix(golden.x), Tensor(golden.weight.map(Float.init), shape: [7]))
    let cotangent = matrix(golden.yGradient)
    let (y, dx) = derivative(x, cotangent) { $0.rmsNorm(weight: weight, epsilon: golden.epsilon) }
    let (_, dweight) = derivative(weight, cotangent) {
      x.rmsNorm(weight: $0, epsilon: golden.epsilon)
    }
    expect(y.scalars, golden.y.joined(), within: 2e-6)
    expect(dx.scalars, golden.xGradient.joined(), within: 2e-5)
    expect(dweight.scalars, golden.weightGradient, within: 2e-5)
  }

  @Test("cross-entropy and its gradient are PyTorch's")
  func crossEntropy() throws {
    let golden = try Golden.primitives().crossEntropy
    let (mean, gradient) = derivative(matrix(golden.logits), Tensor(1)) {
      $0.crossEntropy(golden.targets, normalizer: Float(golden.targets.count))
    }
    expect(mean.scalars, [golden.mean], within: 2e-6)
    expect(gradient.scalars, golden.logitsGradient.joined(), within: 1e-6)
  }

  /// The engine's bias depends on the distance alone; any bias enters through more head columns,
  /// `q·k + bias[i, j] = [q, e_i] · [k, bias[:, j]]`, and its gradient leaves through them.
  @Test("attention with a bias and all its gradients are PyTorch's", arguments: [0, 1])
  func attention(index: Int) throws {
    let golden = try Golden.primitives().attention[index]
    let (length, width) = (golden.query.count, 3)
    let unit = (0..<length).map { row in (0..<length).map { $0 == row ? 1.0 : 0 } }
    let none = unit.map { $0.map { _ in 0.0 } }
    let transposed = (0..<length).map { column in golden.bias.map { $0[column] } }
    let plan = AttentionShape(
      queries: Segments(lengths: [length]), keys: Segments(lengths: [length]), headCount: 1,
      isCausal: golden.causal)
    let q = matrix(beside(golden.query, unit))
    let k = matrix(beside(golden.key, transposed))
    let v = matrix(beside(golden.value, none))
    let cotangent = matrix(beside(golden.yGradient, none))
    let (y, dq) = derivative(q, cotangent) { $0.attention(keys: k, values: v, plan) }
    let (_, dk) = derivative(k, cotangent) { q.attention(keys: $0, values: v, plan) }
    let (_, dv) = derivative(v, cotangent) { q.attention(keys: k, values: $0, plan) }
    expect(y.columns(0..<width), golden.y.joined(), within: 5e-6)
    expect(dq.columns(0..<width), golden.queryGradient.joined(), within: 1e-5)
    expect(dk.columns(0..<width), golden.keyGradient.joined(), within: 1e-5)
    expect(dv.columns(0..<width), golden.valueGradient.joined(), within: 1e-5)
    let dbias = (0..<length).flatMap { row in
      dk.columns(width + row..<width + row + 1).map(\.self)
    }
    expect(dbias, golden.biasGradient.joined(), within: 1e-5)
  }

  // MARK: Comparing

  private func matrix(_ rows: [[Double]]) -> Tensor {
    Tensor(rows.joined().map(Float.init), shape: [rows.count, rows.first?.count ?? 0])
  }

  private func beside(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    zip(a, b).map { $0 + $1 }
  }

  private func derivative(
    _ x: Tensor, _ cotangent: Tensor, _ function: (Tensor) -> Tensor
  ) -> (value: Tensor, gradient: Tensor) {
    var parameters = Parameters()
    parameters["x"] = x
    let (_, gradient) = valueWithGradient(at: parameters) {
      (function($0["x"]) * cotangent).sum()
    }
    return (function(x), gradient["x"])
  }

  private func expect(
    _ found: some Sequence<Float>, _ expected: some Sequence<Double>, within tolerance: Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let (found, expected) = (Array(found), Array(expected))
    #expect(found.count == expected.count, sourceLocation: location)
    for (index, pair) in zip(found, expected).enumerated() {
      let limit = tolerance * max(1, abs(pair.1))
      #expect(
        abs(Double(pair.0) - pair.1) <= limit, "element \(index)", sourceLocation: location)
    }
  }
}

extension Tensor {
  /// The columns of a matrix, row by row.
  fileprivate func columns(_ range: Range<Int>) -> [Float] {
    let (all, width) = (scalars, shape[1])
    return (0..<shape[0]).flatMap { row in range.map { all[row * width + $0] } }
  }
}
