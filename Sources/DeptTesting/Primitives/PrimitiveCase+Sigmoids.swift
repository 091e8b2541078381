import Foundation
import TensorEngine

extension PrimitiveCase {
  /// The logistic function and its relatives, near 0 and where they are flat; softmax of rows.
  static let sigmoids: [PrimitiveCase] =
    [([1], 1), ([13], 0.05), ([3, 7], 3), ([0, 4], 1), ([5, 5], 30), ([97, 111], 2)].flatMap {
      shape, deviation in
      [
        sigmoid(shape, deviation), hyperbolicTangent(shape, deviation), silu(shape, deviation),
      ].map { $0.sampling(40) }
    } + [
      softmax([4, 7]), softmax([1, 1]), softmax([0, 3]), softmax([5]), softmax([2, 3, 4]),
      softmax([3, 5], deviation: 40), softmax([60, 301]).sampling(5),
      softmax([2, 9000]).sampling(5),
    ]

  private static func sigmoid(_ shape: Shape, _ deviation: Float) -> PrimitiveCase {
    PrimitiveCase(
      "sigmoid \(shape), deviation \(deviation)", [.normal(shape, 33, deviation: deviation)],
      computed: { $0[0].sigmoid() }, expected: { $0[0].map { 1 / (1 + exp(-$0)) } })
  }

  private static func hyperbolicTangent(_ shape: Shape, _ deviation: Float) -> PrimitiveCase {
    PrimitiveCase(
      "tanh \(shape), deviation \(deviation)", [.normal(shape, 34, deviation: deviation)],
      computed: { $0[0].tanh() }, expected: { $0[0].map { tanh($0) } })
  }

  private static func silu(_ shape: Shape, _ deviation: Float) -> PrimitiveCase {
    PrimitiveCase(
      "silu \(shape), deviation \(deviation)", [.normal(shape, 35, deviation: deviation)],
      computed: { $0[0].silu() }, expected: { $0[0].map { $0 / (1 + exp(-$0)) } })
  }

  private static func softmax(_ shape: Shape, deviation: Float = 2) -> PrimitiveCase {
    PrimitiveCase(
      "softmax \(shape), deviation \(deviation)", [.normal(shape, 36, deviation: deviation)],
      computed: { $0[0].softmax() }, expected: { $0[0].softmax() })
  }
}
