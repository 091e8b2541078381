import Foundation
import TensorEngine

extension PrimitiveCase {
  /// Sums, products, activations and dropout, small and large enough for several threads.
  static let elementwise: [PrimitiveCase] = arithmetic + activations + dropouts

  private static let arithmetic: [PrimitiveCase] =
    [([3, 5], [3, 5]), ([4, 6], [6]), ([], []), ([2, 3, 4], [4]), ([1], [1])].flatMap {
      [add($0, $1), multiply($0, $1)]
    }
    + [
      add([300, 200], [300, 200]).sampling(3), add([300, 200], [200]).sampling(3),
      multiply([300, 200], [300, 200]).sampling(3), multiply([300, 200], [200]).sampling(3),
      scale([3, 7], 0.37), scale([300, 200], -2).sampling(3), scale([2], 0),
      sum([3, 4]), sum([1]), sum([200, 301]).sampling(3), reshape([3, 4], [2, 6]),
      reshape([1, 1], []),
    ]

  private static func add(_ a: Shape, _ b: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "\(a) + \(b)", [.normal(a, 1), .normal(b, 2)], computed: { $0[0] + $0[1] },
      expected: { $0[0].combined($0[1], +) })
  }

  private static func multiply(_ a: Shape, _ b: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "\(a) * \(b)", [.normal(a, 1), .normal(b, 2)], computed: { $0[0] * $0[1] },
      expected: { $0[0].combined($0[1], *) })
  }

  private static func scale(_ shape: Shape, _ factor: Float) -> PrimitiveCase {
    PrimitiveCase(
      "\(factor) * \(shape)", [.normal(shape, 1)], computed: { factor * $0[0] },
      expected: { $0[0].map { Double(factor) * $0 } })
  }

  private static func sum(_ shape: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "sum \(shape)", [.normal(shape, 1)], computed: { $0[0].sum() },
      expected: { ReferenceArray([$0[0].scalars.reduce(0, +)], shape: []) })
  }

  private static func reshape(_ shape: Shape, _ target: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "reshape \(shape) to \(target)", [.normal(shape, 1)],
      computed: { $0[0].reshaped(target) },
      expected: { ReferenceArray($0[0].scalars, shape: target) })
  }

  private static let activations: [PrimitiveCase] =
    [[1], [13], [3, 7], [0, 4], [8, 8]].flatMap { shape in
      [relu(shape), gelu(shape, approximate: true), gelu(shape, approximate: false)]
    }
    + [
      relu([161, 211]).sampling(3), gelu([97, 111], approximate: true).sampling(3),
      gelu([97, 111], approximate: false).sampling(3),
    ]

  private static func relu(_ shape: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "relu \(shape)", [.normal(shape, 8, nonzero: 0.01)], computed: { $0[0].relu() },
      expected: { $0[0].map { max($0, 0) } })
  }

  private static func gelu(_ shape: Shape, approximate: Bool) -> PrimitiveCase {
    PrimitiveCase(
      "gelu \(shape), \(approximate ? "tanh" : "erf")", [.normal(shape, 9, deviation: 3)],
      computed: { $0[0].gelu(approximate: approximate) },
      expected: {
        $0[0].map { x in
          approximate
            ? 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            : 0.5 * x * erfc(-x / 2.0.squareRoot())
        }
      })
  }

  private static let dropouts: [PrimitiveCase] = [
    dropout([3, 7], 0.1), dropout([50], 0.5), dropout([4], 0), dropout([5, 5], 0.9),
    dropout([170, 130], 0.3).sampling(4),
  ]

  private static func dropout(_ shape: Shape, _ probability: Float) -> PrimitiveCase {
    let key = RandomKey(seed: 11).folding("mask")
    return PrimitiveCase(
      "dropout \(shape) by \(probability)", [.normal(shape, 10)],
      computed: { $0[0].dropout(probability, key: key) },
      expected: { $0[0].dropped(probability, key: key) })
  }
}
