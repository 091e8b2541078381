import TensorEngine

extension PrimitiveCase {
  /// Self-attention with its projections, of packed sequences: few rows and many, biased, causal,
  /// with dropout, of inner widths that are not the model's.
  static let selfAttention: [PrimitiveCase] = [
    selfAttention("alone", [1], heads: 1, headWidth: 3, width: 5),
    selfAttention("unequal lengths", [3, 1, 5], heads: 2, headWidth: 6, width: 9, isBiased: true),
    selfAttention("many rows", [30, 1, 33], heads: 2, headWidth: 20, width: 33, isBiased: true),
    selfAttention("dropout", [20, 25], heads: 3, headWidth: 8, width: 40, dropout: 0.3),
    selfAttention(
      "biased, dropout", [17, 2, 40], heads: 2, headWidth: 32, width: 64, isBiased: true,
      dropout: 0.2),
    selfAttention("causal", [9, 45], heads: 2, headWidth: 12, width: 24) {
      $0.isCausal = true
      $0.scale = 0.3
    },
    selfAttention("without rows", [0], heads: 1, headWidth: 2, width: 3),
  ]

  private static func selfAttention(
    _ name: String, _ lengths: [Int], heads: Int, headWidth: Int, width: Int,
    isBiased: Bool = false, dropout: Float = 0, _ change: (inout AttentionShape) -> Void = { _ in }
  ) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    var plan = AttentionShape(
      queries: segments, keys: segments, headCount: heads,
      buckets: isBiased
        ? PositionBuckets(count: 8, maximumDistance: 12, isBidirectional: true) : nil,
      dropout: dropout, dropoutKey: RandomKey(seed: 33))
    change(&plan)
    let (shape, inner, key) = (plan, heads * headWidth, RandomKey(seed: 34))
    let weights = (0..<3).map { index in
      ReferenceArray.normal(
        [inner, width], 35 + index, deviation: 1 / Float(width).squareRoot())
    }
    let output = weight(width, inner)
    let tensors = AttentionWeights(
      query: weights[0].tensor, key: weights[1].tensor, value: weights[2].tensor,
      output: output.tensor)
    var operands: [ReferenceArray] = [
      .normal([segments.rows, width], 38), .normal([segments.rows, width], 39),
    ]
    if let buckets = plan.buckets { operands.append(.normal([buckets.count, heads], 40)) }
    var item = PrimitiveCase(
      "adding self-attention, \(name), heads of \(headWidth)", operands,
      computed: {
        $0[0].addingSelfAttention(
          of: $0[1], tensors, biasTable: $0.count > 2 ? $0[2] : nil, shape, dropout: dropout,
          key: key)
      },
      expected: { operands in
        let made = weights.map { operands[1].matmul($0, transposingRHS: true) }
        let mixed = made[0].attention(
          keys: made[1], values: made[2], biasTable: operands.count > 2 ? operands[2] : nil,
          shape)
        let projected = mixed.matmul(output, transposingRHS: true)
        return operands[0].combined(projected.dropped(dropout, key: key), +)
      }
    ).sampling(4)
    item.isThreadInvariantByLibrary = 2 * segments.rows * inner * width < 1_000_000
    return item
  }
}
