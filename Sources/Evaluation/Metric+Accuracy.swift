extension Metric {
  /// The fraction of outputs that equal an accepted answer, white space around them aside.
  public static let accuracy = mean(
    "accuracy", summary: "fraction of outputs equal to an accepted answer",
    of: { prediction in
      let label = prediction.label
      return prediction.references.contains { $0.trimmingWhitespace == label } ? 1 : 0
    })
}

extension Prediction {
  /// 1 where the label is the first reference, else 0.
  var labelOutcome: Double { label == expected ? 1 : 0 }
}
