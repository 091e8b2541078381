import DeptTesting
import TensorEngine
import Testing

/// Our own kernels beside the library's: the same numbers but for rounding, and the same masks.
@Suite(.enabled(if: Engine.usesVectorKernels, "this processor has no AVX-512"))
struct KernelParityTests {
  /// Rows, result width, inner extent: narrow and tiled, ragged, in several blocks along k.
  static let sizes = [
    [1, 33, 45], [13, 96, 64], [40, 45, 33], [41, 45, 33], [50, 1, 31], [100, 31, 1],
    [100, 96, 80], [13, 70, 1100], [90, 50, 2100],
  ]

  @Test("the choice holds for its own thread and the pool's loops, and ends with them")
  func choice() {
    let (x, weight) = (normal([32 * 4, 160], 1), normal([4 * 48, 160], 2))
    // The heads are multiplied inside of a loop of the pool; of few rows, our own kernels add up in
    // sixteen lanes.
    func bits() -> [UInt32] { x.collapsingHeads(4, by: weight).bits }
    for threads in [1, 2, 3] {
      ThreadSetting.with(threads: threads) {
        let own = bits()
        let library = KernelChoice.library { bits() }
        let isOther = library != own
        let isSame = KernelChoice.library { bits() } == library && bits() == own
        #expect(isOther && isSame, "\(threads) threads")
      }
    }
    #expect(KernelChoice.library { !Engine.usesVectorKernels })
    #expect(Engine.usesVectorKernels)
  }

  @Test("products and both gradients", arguments: sizes, [false, true])
  func products(_ size: [Int], transposed: Bool) {
    let (m, n, k) = (size[0], size[1], size[2])
    let operands = ["a": normal([m, k], 1), "b": normal(transposed ? [n, k] : [k, n], 2)]
    compare(operands) { $0["a"].matmul($0["b"], transposingRHS: transposed) }
  }

  @Test("projections added to a residual", arguments: sizes, [0, 0.1, 0.5])
  func residuals(_ size: [Int], dropout: Float) {
    let (m, n, k) = (size[0], size[1], size[2])
    let key = RandomKey(seed: 5).folding("mask")
    for weight in weights(n, k) {
      compare(["residual": normal([m, n], 1), "x": normal([m, k], 2)]) {
        $0["residual"].adding(projectionOf: $0["x"], by: weight, dropout: dropout, key: key)
      }
      let dropped = masks {
        Tensor.zeros([m, n]).adding(
          projectionOf: normal([m, k], 2), by: weight, dropout: dropout, key: key)
      }
      #expect(dropped.own == dropped.library)
      let mask = Tensor.ones([m, n]).dropout(dropout, key: key).scalars.map { $0 == 0 }
      #expect(dropped.own == mask)
    }
  }

  @Test("rectified projections", arguments: sizes, [0, 0.1, 0.5])
  func rectified(_ size: [Int], dropout: Float) {
    let (m, n, k) = (size[0], size[1], size[2])
    let key = RandomKey(seed: 6).folding("mask")
    for weight in weights(n, k) {
      let x = normal([m, k], 3)
      compare(["x": x]) { $0["x"].rectifiedProjection(by: weight, dropout: dropout, key: key) }
      let dropped = masks { x.rectifiedProjection(by: weight, dropout: dropout, key: key) }
      #expect(dropped.own == dropped.library)
    }
  }

  @Test("head projections", arguments: [(1, 2, 6, 16), (13, 4, 33, 45), (100, 2, 64, 96)])
  func heads(rows: Int, heads: Int, headWidth: Int, width: Int) {
    for weight in weights(heads * headWidth, width) {
      compare(["x": normal([rows, heads * headWidth], 4)]) {
        $0["x"].expandingHeads(heads, by: weight)
      }
      compare(["x": normal([rows * heads, width], 4)]) {
        $0["x"].collapsingHeads(heads, by: weight)
      }
    }
  }

  @Test(
    "attention and its gradients", arguments: [4, 20, 33, 64, 80, 96], [Float(0), 0.1])
  func attention(width: Int, dropout: Float) {
    var plan = AttentionShape(
      queries: Segments(lengths: [40, 1, 0, 33]), keys: Segments(lengths: [70, 3, 2, 40]),
      headCount: 2, scale: 1 / Float(width).squareRoot())
    (plan.dropout, plan.dropoutKey) = (dropout, RandomKey(seed: 9))
    var operands = [
      "q": normal([plan.queries.rows, 2 * width], 1), "k": normal([plan.keys.rows, 2 * width], 2),
      "v": normal([plan.keys.rows, 2 * width], 3),
    ]
    let shared = plan
    compare(operands) { $0["q"].attention(keys: $0["k"], values: $0["v"], shared) }
    compare(operands) { $0["q"].attention(over: $0["k"], shared) }
    plan.buckets = PositionBuckets(count: 8, maximumDistance: 30, isBidirectional: true)
    operands["bias"] = normal([8, 2], 4)
    for isCausal in [false, true] {
      (plan.isCausal, plan.queryPosition) = (isCausal, isCausal ? 2 : 0)
      let biased = plan
      compare(operands) {
        $0["q"].attention(keys: $0["k"], values: $0["v"], biasTable: $0["bias"], biased)
      }
    }
  }

  @Test("attention drops the same probabilities", arguments: [Float(0.1), 0.5])
  func attentionMasks(dropout: Float) {
    // Where a head's values are the unit vectors, its result is the row of probabilities.
    let (queries, keys, heads) = (70, 40, 3)
    var plan = AttentionShape(
      queries: Segments(lengths: [queries, 5]), keys: Segments(lengths: [keys, keys]),
      headCount: heads, scale: 0.1)
    (plan.dropout, plan.dropoutKey) = (dropout, RandomKey(seed: 10))
    let (shape, width) = (plan, heads * keys)
    let unit = (0..<2 * keys * width).map { $0 % keys == $0 / width % keys ? Float(1) : 0 }
    let dropped = masks {
      normal([queries + 5, width], 1).attention(
        keys: normal([2 * keys, width], 2), values: Tensor(unit, shape: [2 * keys, width]), shape)
    }
    #expect(dropped.own == dropped.library)
    let share = Float(dropped.own.count(where: \.self)) / Float(dropped.own.count)
    #expect(abs(share - dropout) < 0.03)
  }

  // MARK: Comparing

  private func normal(_ shape: Shape, _ seed: Int) -> Tensor {
    .normal(shape, deviation: 1, key: RandomKey(seed: seed).folding("parity"))
  }

  private func weights(_ n: Int, _ k: Int) -> [Tensor] {
    let weight = normal([n, k], 7)
    return [weight, weight.roundedToBFloat16()]
  }

  /// The zeros of a result.
  private func masks(_ body: () -> Tensor) -> (own: [Bool], library: [Bool]) {
    func zeros(_ kernels: KernelChoice) -> [Bool] { kernels(body).scalars.map { $0 == 0 } }
    return (zeros(.own), zeros(.library))
  }

  /// The value and the gradient of every operand under a random cotangent.
  private func compare(
    _ operands: [String: Tensor], _ body: (Parameters) -> Tensor,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var parameters = Parameters()
    for (name, tensor) in operands { parameters[name] = tensor }
    func results(_ kernels: KernelChoice) -> [String: [Float]] {
      kernels {
        let value = body(parameters)
        let cotangent = normal(value.shape, 8)
        let gradient = valueWithGradient(at: parameters) { (body($0) * cotangent).sum() }.gradient
        var found = ["value": value.scalars]
        for name in gradient.names { found[name] = gradient[name].scalars }
        return found
      }
    }
    let (own, library) = (results(.own), results(.library))
    for (name, found) in own {
      let expected = library[name] ?? []
      let size = max(1, expected.reduce(0) { max($0, abs($1)) })
      let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(
        error <= 1e-5 * size && found.count == expected.count,
        "\(name): \(error) of \(size)", sourceLocation: location)
    }
  }
}
