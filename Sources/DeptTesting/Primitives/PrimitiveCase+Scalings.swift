import TensorEngine

extension PrimitiveCase {
  /// Factors that lead to a parameter: one a row, and one for everything.
  static let scalings: [PrimitiveCase] =
    [([4, 7], [4]), ([4, 7], [4, 1]), ([1, 1], [1]), ([0, 3], [0]), ([3, 64], [3])].map {
      scalingRows($0, $1)
    } + [scalingRows([200, 130], [200]).sampling(4)]
    + [([4, 7], [1]), ([5], []), ([], [1]), ([2, 3, 4], [1, 1]), ([0, 3], [1])].map {
      scaled($0, $1)
    } + [scaled([200, 130], [1]).sampling(4)]

  private static func scalingRows(_ shape: Shape, _ factors: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "rows of \(shape) scaled by \(factors)", [.normal(shape, 1), .normal(factors, 2)],
      computed: { $0[0].scalingRows(by: $0[1]) }, expected: { $0[0].scalingRows(by: $0[1]) })
  }

  private static func scaled(_ shape: Shape, _ factor: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "\(shape) scaled by \(factor)", [.normal(shape, 1), .normal(factor, 2)],
      computed: { $0[0].scaled(by: $0[1]) },
      expected: { operands in operands[0].map { $0 * operands[1].scalars[0] } })
  }
}
