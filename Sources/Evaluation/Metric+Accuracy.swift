extension Metric {
  /// The fraction of outputs that equal an accepted answer, white space around them aside.
  public static let accuracy = Metric(
    "accuracy", summary: "fraction of outputs equal to an accepted answer"
  ) { predictions in
    let right = predictions.count { prediction in
      let label = prediction.label
      return prediction.references.contains { $0.trimmingWhitespace == label }
    }
    return Double(right) / Double(predictions.count)
  }
}
