import TensorEngine

extension PrimitiveCase {
  /// Attention of more queries than a block holds, of heads that fill whole tiles and that do not,
  /// and over rows that are keys and values at once.
  static let tiledAttention: [PrimitiveCase] =
    [4, 20, 33, 64, 80, 96].flatMap { width in
      let scale = 1 / Float(width).squareRoot()
      return [
        attention("over 40 and 33 of 65 and 7", [40, 33], [65, 7], heads: 2, width: width) {
          $0.scale = scale
          $0.dropout = 0.2
          $0.dropoutKey = RandomKey(seed: 6)
        },
        attention("causal behind 9, 45 queries", [45], [54], heads: 2, width: width) {
          $0.scale = scale
          $0.isCausal = true
          $0.queryPosition = 9
          $0.buckets = PositionBuckets(count: 8, maximumDistance: 20, isBidirectional: false)
          $0.dropout = 0.1
          $0.dropoutKey = RandomKey(seed: 7)
        },
        attention("causal to the ends, 34 and 45", [34, 45], [36, 80], heads: 1, width: width) {
          $0.scale = scale
          $0.isCausal = true
          $0.endsTogether = true
        },
        attention("biased, 70 queries", [70, 2], [70, 2], heads: 1, width: width) {
          $0.scale = scale
          $0.buckets = PositionBuckets(count: 8, maximumDistance: 20, isBidirectional: true)
        },
        shared([35, 0, 3], [17, 4, 70], heads: 2, width: width) { $0.scale = scale },
      ].map { $0.sampling(3) }
    } + [
      shared([1], [1], heads: 1, width: 1), shared([3, 1, 2], [4, 2, 5], heads: 2, width: 3),
      shared([2, 1], [0, 3], heads: 1, width: 5),
      shared([5, 3], [5, 3], heads: 1, width: 6) { $0.isCausal = true },
      shared([4, 40], [9, 33], heads: 3, width: 20) {
        $0.dropout = 0.3
        $0.dropoutKey = RandomKey(seed: 8)
      }.sampling(4),
      attention("causal", [100], [100], heads: 1, width: 12) { $0.isCausal = true }.sampling(4),
    ]

  private static func shared(
    _ queries: [Int], _ keys: [Int], heads: Int, width: Int,
    _ change: (inout AttentionShape) -> Void = { _ in }
  ) -> PrimitiveCase {
    var plan = AttentionShape(
      queries: Segments(lengths: queries), keys: Segments(lengths: keys), headCount: heads)
    change(&plan)
    let shape = plan
    let kind = shape.isCausal ? ", causal" : shape.dropout > 0 ? ", dropout" : ""
    return PrimitiveCase(
      "attention of \(queries) over shared \(keys), \(heads) heads of \(width)\(kind)",
      [
        .normal([shape.queries.rows, heads * width], 18),
        .normal([shape.keys.rows, heads * width], 19),
      ],
      computed: { $0[0].attention(over: $0[1], shape) },
      expected: { $0[0].attention(keys: $0[1], values: $0[1], biasTable: nil, shape) })
  }
}
