import TensorEngine

extension PrimitiveCase {
  /// Cross-entropy and its denominators.
  static let losses: [PrimitiveCase] = [
    crossEntropy(5, 7, normalizer: 5), crossEntropy(1, 97, normalizer: 3),
    crossEntropy(4, 1, normalizer: 4), crossEntropy(60, 301, normalizer: 60).sampling(5),
    crossEntropy(3, 5, normalizer: 1, deviation: 40),
    softCrossEntropy(5, 7, temperature: 2, normalizer: 5),
    softCrossEntropy(1, 97, temperature: 0.7, normalizer: 3),
    softCrossEntropy(4, 1, temperature: 3, normalizer: 4),
    softCrossEntropy(60, 301, temperature: 1, normalizer: 60).sampling(5),
    softCrossEntropy(2, 3000, temperature: 2, normalizer: 2).sampling(5),
    softCrossEntropy(3, 5, temperature: 2, normalizer: 1, deviation: 40),
    softCrossEntropy(0, 5, temperature: 2, normalizer: 1),
    squaredError([3, 5], normalizer: 15), squaredError([1], normalizer: 0.5),
    squaredError([0, 4], normalizer: 1), squaredError([200, 130], normalizer: 26000).sampling(4),
    logSumExp(4, 7), logSumExp(1, 1), logSumExp(60, 301), logSumExp(3, 5, deviation: 40),
  ]

  private static func crossEntropy(
    _ rows: Int, _ width: Int, normalizer: Float, deviation: Float = 2
  ) -> PrimitiveCase {
    let targets = (0..<rows).map { Int32($0 * 5 % width) }
    return PrimitiveCase(
      "cross-entropy [\(rows), \(width)] over \(normalizer), deviation \(deviation)",
      [.normal([rows, width], 12, deviation: deviation)],
      computed: { $0[0].crossEntropy(targets, normalizer: normalizer) },
      expected: { $0[0].crossEntropy(targets, normalizer: Double(normalizer)) })
  }

  private static func softCrossEntropy(
    _ rows: Int, _ width: Int, temperature: Float, normalizer: Float, deviation: Float = 2
  ) -> PrimitiveCase {
    let target = ReferenceArray.normal([rows, width], 29, deviation: deviation)
    let tensor = target.tensor
    return PrimitiveCase(
      "soft cross-entropy [\(rows), \(width)] over \(normalizer), temperature \(temperature),"
        + " deviation \(deviation)",
      [.normal([rows, width], 30, deviation: deviation)],
      computed: {
        $0[0].softCrossEntropy(tensor, temperature: temperature, normalizer: normalizer)
      },
      expected: {
        $0[0].softCrossEntropy(
          target, temperature: Double(temperature), normalizer: Double(normalizer))
      })
  }

  private static func squaredError(_ shape: Shape, normalizer: Float) -> PrimitiveCase {
    let target = ReferenceArray.normal(shape, 31)
    let tensor = target.tensor
    return PrimitiveCase(
      "squared error of \(shape) over \(normalizer)", [.normal(shape, 32)],
      computed: { $0[0].meanSquaredError(to: tensor, normalizer: normalizer) },
      expected: {
        let difference = $0[0].combined(target, -)
        return ReferenceArray([difference.dot(difference) / Double(normalizer)], shape: [])
      })
  }

  private static func logSumExp(_ rows: Int, _ width: Int, deviation: Float = 2) -> PrimitiveCase {
    var item = PrimitiveCase(
      "logSumExp [\(rows), \(width)], deviation \(deviation)",
      [.normal([rows, width], 13, deviation: deviation)], computed: { $0[0].logSumExp() },
      expected: { $0[0].logSumExp() })
    item.isDifferentiable = false
    return item
  }
}
