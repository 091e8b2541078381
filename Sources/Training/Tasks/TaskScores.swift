/// How the scores of a multi-task run are named: `sst2/accuracy` for each task and metric, and
/// `mean`, over the tasks, of what each is selected by.
///
/// With one task a score is named by its metric alone.
public enum TaskScores {
  /// The name of the mean over tasks.
  public static let mean = "mean"

  /// The name of one task's score.
  public static func name(_ metric: String, of task: String) -> String { "\(task)/\(metric)" }

  /// The scores of one task under the names of their metrics; none where it has none.
  ///
  /// A task's name may have slashes, as the path of a file has; a metric's has none.
  public static func scores(of task: String, in scores: [String: Double]) -> [String: Double] {
    var own: [String: Double] = [:]
    for (name, value) in scores {
      guard let slash = name.lastIndex(of: "/"), name[..<slash] == task else { continue }
      own[String(name[name.index(after: slash)...])] = value
    }
    return own
  }
}
