extension Metric {
  /// The Matthews correlation of outputs and labels, for any number of classes.
  ///
  /// The multi-class form `R_K` of Gorodkin (2004); every distinct output is a class of its own, so
  /// an output that is no label lowers the score. 0 where outputs or labels are all equal.
  public static let matthews = Metric(
    "matthews", summary: "Matthews correlation coefficient; unknown outputs are wrong",
    range: -1...1, outcomes: { $0.map(\.labelOutcome) }
  ) { predictions in
    var expected: [String: Double] = [:]
    var predicted: [String: Double] = [:]
    var right = 0.0
    for prediction in predictions {
      expected[prediction.expected, default: 0] += 1
      predicted[prediction.label, default: 0] += 1
      if prediction.label == prediction.expected { right += 1 }
    }
    let count = Double(predictions.count)
    // All terms are whole numbers well below 2⁵³: sums are exact in any order.
    let both = expected.reduce(0) { $0 + $1.value * (predicted[$1.key] ?? 0) }
    let spreadExpected = count * count - expected.values.reduce(0) { $0 + $1 * $1 }
    let spreadPredicted = count * count - predicted.values.reduce(0) { $0 + $1 * $1 }
    let denominator = (spreadExpected * spreadPredicted).squareRoot()
    return denominator == 0 ? 0 : (count * right - both) / denominator
  }
}
