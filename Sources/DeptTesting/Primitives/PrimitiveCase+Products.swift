import TensorEngine

extension PrimitiveCase {
  /// Matrix products, normalisations.
  static let products: [PrimitiveCase] =
    [(5, 7, 3), (1, 9, 1), (3, 1, 4), (1, 40, 97), (17, 33, 9), (2, 0, 3)].flatMap { m, k, n in
      [
        matmul(m, k, n, transposed: false), matmul(m, k, n, transposed: true),
        matmulOfTransposed(m, k, n, transposed: false),
        matmulOfTransposed(m, k, n, transposed: true), outer(m, n),
      ]
    } + [
      matmul(64, 96, 80, transposed: true).sampling(12),
      matmulOfTransposed(64, 96, 80, transposed: false).sampling(12),
      matmulOfTransposed(64, 96, 80, transposed: true).sampling(12),
    ]

  private static func matmul(_ m: Int, _ k: Int, _ n: Int, transposed: Bool) -> PrimitiveCase {
    PrimitiveCase(
      "matmul [\(m), \(k)] by \(transposed ? "transposed " : "")[\(k), \(n)]",
      [.normal([m, k], 1), .normal(transposed ? [n, k] : [k, n], 2)],
      computed: { $0[0].matmul($0[1], transposingRHS: transposed) },
      expected: { $0[0].matmul($0[1], transposingRHS: transposed) })
  }

  private static func matmulOfTransposed(
    _ m: Int, _ k: Int, _ n: Int, transposed: Bool
  ) -> PrimitiveCase {
    PrimitiveCase(
      "matmul of transposed [\(m), \(k)] by \(transposed ? "transposed " : "")[\(k), \(n)]",
      [.normal([k, m], 1), .normal(transposed ? [n, k] : [k, n], 2)],
      computed: { $0[0].matmul($0[1], transposingLHS: true, transposingRHS: transposed) },
      expected: { $0[0].transposed().matmul($0[1], transposingRHS: transposed) })
  }

  private static func outer(_ m: Int, _ n: Int) -> PrimitiveCase {
    PrimitiveCase(
      "outer product of \(m) and \(n)", [.normal([m], 1), .normal([n], 2)],
      computed: { $0[0].outer($0[1]) },
      expected: { operands in
        ReferenceArray(
          operands[0].scalars.flatMap { x in operands[1].scalars.map { x * $0 } }, shape: [m, n])
      })
  }

  static let norms: [PrimitiveCase] =
    [(4, 7), (1, 1), (3, 64), (5, 40)].flatMap { rows, width in
      [rmsNorm(rows, width), layerNorm(rows, width)]
    } + [rmsNorm(200, 130).sampling(4), layerNorm(200, 130).sampling(4)]

  private static func rmsNorm(_ rows: Int, _ width: Int) -> PrimitiveCase {
    PrimitiveCase(
      "rmsNorm [\(rows), \(width)]",
      [.normal([rows, width], 3, nonzero: 0.1), .normal([width], 4)],
      computed: { $0[0].rmsNorm(weight: $0[1], epsilon: 1e-3) },
      expected: { $0[0].rmsNorm(weight: $0[1], epsilon: Double(Float(1e-3))) })
  }

  private static func layerNorm(_ rows: Int, _ width: Int) -> PrimitiveCase {
    PrimitiveCase(
      "layerNorm [\(rows), \(width)]",
      [.normal([rows, width], 5), .normal([width], 6), .normal([width], 7)],
      computed: { $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 1e-3) },
      expected: { $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: Double(Float(1e-3))) })
  }
}
