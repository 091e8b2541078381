public import Experiments

/// A run as a list shows it: what its row says, and the rest as text that is read when asked for.
public struct ListedRun: Sendable {
  public let id: RunID
  /// The experiment whose newest plan listed it last.
  public internal(set) var experiment = ""
  public internal(set) var state: RunState
  public let backbone: String
  /// The data set; of a multi-task run the names of all, as in `rte+sst2`.
  public let dataset: String
  public let method: String
  public let seed: Int
  /// Scalars the method trains; 0 until the run has started once.
  public let parameters: Int
  public internal(set) var attempts = 0
  /// Why the newest attempt failed; `nil` unless the run has.
  public internal(set) var failure: RunFailure.Kind?
  public internal(set) var tags: [String] = []
  /// The results, once it has succeeded.
  public internal(set) var summary: Summary?
  /// The whole specification.
  public let spec: JSONText
  /// The identities of the runs that it starts from, as a JSON array; `nil` where there are none.
  public let sources: JSONText?

  /// The results of a run, its scores as text.
  public struct Summary: Sendable {
    /// `{"test":{"accuracy":0.9},…}`.
    public let scores: JSONText
    public let bestStep: Int
    /// Wall-clock seconds.
    public let seconds: Double
    public let peakBytes: Int
  }

  let key: Int64
  /// Summaries of points that were asked for, by the field's name.
  var points: [String: Double] = [:]

  /// The names and values of what the method is set to.
  public var hyperparameters: JSONText { spec["method", "hyperparameters"] ?? JSONText("{}") }

  /// What a filter calls `name`: as of `FrozenRun`, and `tag`, all of the run's tags.
  public func field(_ name: String) -> JSONValue? {
    if let summary = points[name] { return .number(summary) }
    switch name {
    case "id": return .string(id.rawValue)
    case "experiment": return .string(experiment)
    case "state": return .string(state.rawValue)
    case "backbone": return .string(backbone)
    case "dataset": return .string(dataset)
    case "method": return .string(method)
    case "seed": return .integer(seed)
    case "attempts": return .integer(attempts)
    case "parameters": return .integer(parameters)
    case "seconds": return summary.map { .number($0.seconds) }
    case "bestStep": return summary.map { .integer($0.bestStep) }
    case "failure": return failure.map { .string($0.rawValue) }
    case "tag", "tags": return .array(tags.map { .string($0) })
    // In the words that people know them by.
    case "mixing", "sources", "tasks", "labelWords", "earlyStopping", "minimumGain":
      return whole?.field(name)
    default: break
    }
    if PointSummary.parse(name) != nil { return nil }
    if let dot = name.firstIndex(of: ".") {
      let split = String(name[..<dot])
      let score = summary?.scores[split, String(name[name.index(after: dot)...])]
      if let score { return score.value }
      return whole?.field(name)
    }
    let written =
      spec["preparation", name] ?? spec["schedule", name]
      ?? spec["method", "hyperparameters", name]
    return written?.value
  }

  /// Every field this run has, sorted.
  public var fieldNames: [String] {
    let scores = (summary?.scores.members() ?? []).flatMap { split, scores -> [String] in
      guard case .object(let scores) = scores else { return [] }
      return scores.keys.map { "\(split).\($0)" }
    }
    return (Self.ownFields + (whole?.fieldNames ?? []) + scores).sorted()
  }

  static let ownFields = [
    "id", "experiment", "state", "attempts", "parameters", "seconds", "bestStep", "failure", "tag",
  ]

  /// The specification as a value.
  private var whole: RunSpec? { try? StoredJSON.value(RunSpec.self, spec.text) }
}
