import TensorEngine

extension PrimitiveCase {
  /// Cross-entropy and its denominators.
  static let losses: [PrimitiveCase] = [
    crossEntropy(5, 7, normalizer: 5), crossEntropy(1, 97, normalizer: 3),
    crossEntropy(4, 1, normalizer: 4), crossEntropy(60, 301, normalizer: 60).sampling(5),
    crossEntropy(3, 5, normalizer: 1, deviation: 40),
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

  private static func logSumExp(_ rows: Int, _ width: Int, deviation: Float = 2) -> PrimitiveCase {
    var item = PrimitiveCase(
      "logSumExp [\(rows), \(width)], deviation \(deviation)",
      [.normal([rows, width], 13, deviation: deviation)], computed: { $0[0].logSumExp() },
      expected: { $0[0].logSumExp() })
    item.isDifferentiable = false
    return item
  }
}
