extension Metric {
  /// The fraction of questions whose every answer is judged right.
  ///
  /// Khashabi et al., "MultiRC" (NAACL 2018). Predictions of one `group` are the answers to one
  /// question; a prediction without a group is a question of its own.
  public static let multiRCExactMatch = Metric(
    "multirc-em", summary: "fraction of questions (groups) whose every answer is judged right",
    outcomes: { predictions in
      let wrong = wrongGroups(predictions)
      return predictions.map { prediction in
        prediction.group.map { wrong.contains($0) ? 0 : 1 } ?? prediction.labelOutcome
      }
    }
  ) { predictions in
    let groups = Set(predictions.compactMap(\.group))
    let alone = predictions.filter { $0.group == nil }
    let right =
      Double(groups.count - wrongGroups(predictions).count)
      + alone.reduce(0) { $0 + $1.labelOutcome }
    return right / Double(groups.count + alone.count)
  }

  /// F1 of the right answers over the answers to all questions: MultiRC's `F1a`.
  public static let multiRCF1 = binaryF1(
    "multirc-f1", summary: "F1 of the class 1 over all answers, whatever their question")

  private static func wrongGroups(_ predictions: [Prediction]) -> Set<String> {
    Set(predictions.filter { $0.labelOutcome == 0 }.compactMap(\.group))
  }
}
