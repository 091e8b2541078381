import TensorEngine

extension PrimitiveCase {
  /// Attention of packed sequences: over themselves, over others, causal, biased, with dropout.
  static let attention: [PrimitiveCase] = [
    attention("alone", [1], [1], heads: 1, width: 1),
    attention("unequal lengths", [3, 1, 5], [3, 1, 5], heads: 2, width: 3),
    attention("scaled", [4], [4], heads: 1, width: 12) { $0.scale = 0.288_675_13 },
    attention("over others", [2, 1, 3], [4, 1, 2], heads: 3, width: 4),
    attention("without keys or queries", [2, 0, 1], [0, 3, 2], heads: 2, width: 3),
    attention("causal", [4, 1, 3], [4, 1, 3], heads: 2, width: 3) { $0.isCausal = true },
    attention("from position 3", [2, 1], [5, 4], heads: 2, width: 3) {
      $0.isCausal = true
      $0.queryPosition = 3
    },
    attention("from where each ends", [2, 1, 3, 0], [5, 4, 3, 2], heads: 2, width: 3) {
      $0.isCausal = true
      $0.endsTogether = true
    },
    attention("bias both ways", [6, 1, 3], [6, 1, 3], heads: 2, width: 3) {
      $0.buckets = PositionBuckets(count: 8, maximumDistance: 6, isBidirectional: true)
    },
    attention("bias backwards, causal", [7, 2], [7, 2], heads: 3, width: 2) {
      $0.isCausal = true
      $0.buckets = PositionBuckets(count: 6, maximumDistance: 8, isBidirectional: false)
    },
    attention("bias from position 4", [1, 1], [5, 5], heads: 2, width: 3) {
      $0.isCausal = true
      $0.queryPosition = 4
      $0.buckets = PositionBuckets(count: 6, maximumDistance: 8, isBidirectional: false)
    },
    attention("dropout", [4, 1, 3], [4, 1, 3], heads: 2, width: 3) {
      $0.dropout = 0.3
      $0.dropoutKey = RandomKey(seed: 4)
    },
    attention("dropout, causal, bias", [5, 2], [5, 2], heads: 3, width: 4) {
      $0.isCausal = true
      $0.buckets = PositionBuckets(count: 6, maximumDistance: 8, isBidirectional: false)
      $0.dropout = 0.5
      $0.dropoutKey = RandomKey(seed: 5)
    },
    attention("wide heads", [5, 3], [5, 3], heads: 2, width: 64) {
      $0.scale = 0.125
      $0.buckets = PositionBuckets(count: 8, maximumDistance: 20, isBidirectional: true)
    }.sampling(10),
    attention("many sequences", [9, 14, 3, 20], [9, 14, 3, 20], heads: 4, width: 12) {
      $0.scale = 0.3
      $0.buckets = PositionBuckets(count: 8, maximumDistance: 12, isBidirectional: true)
      $0.dropout = 0.1
    }.sampling(4),
  ]

  static func attention(
    _ name: String, _ queries: [Int], _ keys: [Int], heads: Int, width: Int,
    _ change: (inout AttentionShape) -> Void = { _ in }
  ) -> PrimitiveCase {
    var plan = AttentionShape(
      queries: Segments(lengths: queries), keys: Segments(lengths: keys), headCount: heads)
    change(&plan)
    let (shape, inner) = (plan, heads * width)
    var operands: [ReferenceArray] = [
      .normal([shape.queries.rows, inner], 14), .normal([shape.keys.rows, inner], 15),
      .normal([shape.keys.rows, inner], 16),
    ]
    if let buckets = plan.buckets { operands.append(.normal([buckets.count, heads], 17)) }
    return PrimitiveCase(
      "attention, \(name), heads of \(width)", operands,
      computed: {
        $0[0].attention(
          keys: $0[1], values: $0[2], biasTable: $0.count > 3 ? $0[3] : nil, shape)
      },
      expected: {
        $0[0].attention(
          keys: $0[1], values: $0[2], biasTable: $0.count > 3 ? $0[3] : nil, shape)
      })
  }
}
