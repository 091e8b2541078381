import Evaluation
import Foundation

/// Random predictions, and what scikit-learn, SciPy and the papers' formulas make of them.
struct GoldenPredictions: Decodable {
  var predictions: [Prediction]
  /// By the metric's name.
  var scores: [String: Double]
  var outcomes: [String: [Double]]

  /// Every case of the committed file, by the kind of its texts.
  static func cases() throws -> [String: GoldenPredictions] {
    try JSONDecoder().decode(
      [String: GoldenPredictions].self, from: Data(contentsOf: golden("metrics.json")))
  }
}
