import Foundation
import RunStorage

/// How good the last predictions of time were.
struct PredictionQuality: Encodable {
  /// How many runs are known that were predicted and have succeeded since.
  let count: Int
  /// The mean of predicted by taken, less 1: 0.08 is 8 % too high.
  let bias: Double
  /// Nine in ten predictions were within this factor of what the run took.
  let factor: Double

  /// `nil` where nothing was predicted yet.
  init?(_ judged: [JudgedPrediction]) {
    let ratios = judged.filter { $0.seconds > 0 && $0.predicted.seconds > 0 }
      .map { $0.predicted.seconds / $0.seconds }
    guard !ratios.isEmpty else { return nil }
    count = ratios.count
    // Halves and doubles cancel out.
    bias = exp(ratios.map(log).reduce(0, +) / Double(ratios.count)) - 1
    let factors = ratios.map { max($0, 1 / $0) }.sorted()
    factor = factors[Int((0.9 * Double(factors.count)).rounded(.up)) - 1]
  }

  /// For people.
  var text: String {
    let percent = Int((100 * abs(bias)).rounded())
    let mean =
      percent == 0 ? "right" : "\(percent) % too \(bias > 0 ? "high" : "low")"
    let which = count == 1 ? "the last prediction was" : "the last \(count) predictions were"
    let within = factor.rounded(to: 2)
    return "\(which) \(mean)"
      + (count == 1 ? "" : " on average, nine in ten within a factor of \(within)")
  }
}
