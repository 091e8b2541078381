public import Datasets
public import Experiments

/// Runs of a plan that compete: those of one search with the same method, backbone and number of
/// few-shot examples, and with the same data where each data set has a winner of its own.
public struct SearchGroup: Hashable, Sendable {
  public var search: PlanSearch
  /// For people: `lora on sst2 with nano`.
  public var name: String
  /// The runs that compete, in the order of the plan.
  public var candidates: [ResolvedRun]
  /// How many configurations there are: what is left of runs without seeds and data sets.
  public var tried: Int
  /// How many runs each winner is carried out in.
  public var replicates: Int
  public var verdict: Verdict

  /// What came of the search.
  public enum Verdict: Hashable, Sendable {
    /// So many of its candidates have not ended yet.
    case open(left: Int)
    case decided(Winner)
    /// No configuration can win, and why, in one sentence.
    case failed(String)
  }

  /// The configuration that won.
  public struct Winner: Hashable, Sendable {
    /// Its first run.
    public var spec: RunSpec
    /// Its mean score by the rule of the search; of a metric that is better when lower, negative.
    public var merit: Double
    /// Its runs with the seeds that were asked for.
    public var runs: [ResolvedRun]

    /// What tells it from the other configurations of its group: fields and their values.
    public func settings(among candidates: [ResolvedRun]) -> [(name: String, value: JSONValue)] {
      let names = Set(candidates.flatMap(\.spec.fieldNames))
        .subtracting(["seed", "dataset", "fewShotSeed", "tasks", "sources"]).sorted()
      return names.compactMap { name in
        guard Set(candidates.map { $0.spec.field(name) }).count > 1 else { return nil }
        return spec.field(name).map { (name, $0) }
      }
    }
  }
}

/// How far a candidate of a search is.
public enum CandidateOutcome: Hashable, Sendable {
  /// It succeeded with these scores.
  case scored([Split: [String: Double]])
  /// It failed, was given up, or cannot start.
  case out
  /// It has not ended yet.
  case open
}
