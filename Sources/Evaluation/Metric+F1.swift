extension Metric {
  /// F1 of the class `1`; an output that is neither `0` nor `1` counts as the wrong one of them.
  ///
  /// `2·TP / (2·TP + FP + FN)`, and 0 where no example and no output is positive.
  public static let f1 = binaryF1(
    "f1", summary: "F1 of the class 1; outputs other than 0 and 1 are wrong")

  /// `f1` under another name.
  static func binaryF1(_ name: MetricName, summary: String) -> Metric {
    Metric(name, summary: summary, outcomes: { $0.map { $0.isRightBinary ? 1 : 0 } }) {
      predictions in
      var truePositives = 0
      var wrong = 0
      for prediction in predictions {
        if !prediction.isRightBinary {
          wrong += 1
        } else if prediction.expected == "1" {
          truePositives += 1
        }
      }
      let denominator = 2 * truePositives + wrong
      return denominator == 0 ? 0 : Double(2 * truePositives) / Double(denominator)
    }
  }

  /// The unweighted mean of each class's F1, over the classes that occur among the references.
  public static let macroF1 = macroF1(labels: nil)

  /// The unweighted mean of each label's F1; an output outside `labels` is wrong and no class.
  ///
  /// - Parameter labels: the classes; `nil`: the distinct references.
  public static func macroF1(labels: [String]?) -> Metric {
    Metric(
      "f1-macro", summary: "mean of the classes' F1, each class weighing the same",
      outcomes: { $0.map(\.labelOutcome) }
    ) { predictions in
      var counts: [String: ClassCounts] = [:]
      for label in labels ?? [] { counts[label] = ClassCounts() }
      if labels == nil {
        for prediction in predictions { counts[prediction.expected] = ClassCounts() }
      }
      for prediction in predictions {
        counts[prediction.expected]?.expected += 1
        counts[prediction.label]?.predicted += 1
        if prediction.label == prediction.expected { counts[prediction.label]?.right += 1 }
      }
      guard !counts.isEmpty else { return 0 }
      // Sorted, so that the sum has the same bits in every process.
      let scores = counts.sorted { $0.key < $1.key }.map(\.value.f1)
      return scores.reduce(0, +) / Double(scores.count)
    }
  }
}

extension Prediction {
  /// Whether the output is the class, `1` or not; no output but `0` and `1` is.
  fileprivate var isRightBinary: Bool {
    let label = label
    return (label == "1" || label == "0") && (label == "1") == (expected == "1")
  }
}

/// How often one class was expected, predicted, and both.
private struct ClassCounts {
  var expected = 0
  var predicted = 0
  var right = 0

  var f1: Double {
    expected + predicted == 0 ? 0 : Double(2 * right) / Double(expected + predicted)
  }
}
