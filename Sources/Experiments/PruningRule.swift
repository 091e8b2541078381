/// When runs of a group that are behind the others on validation are given up.
///
/// Runs are compared at the same step only, once all of the group have reached it, so that the
/// outcome does not depend on which was carried out first.
public enum PruningRule: Hashable, Sendable, Codable {
  /// After `from`, `from · factor`, `from · factor²`, … steps the best 1 / `factor` of the runs go
  /// on (successive halving, arXiv 1502.07943).
  case successiveHalving(factor: Int, from: Int)
  /// After `after` steps and then every `every` steps, runs below the median of their group are
  /// given up.
  case median(after: Int, every: Int)
}

/// A group of runs of a plan that are pruned against each other.
public struct PlanBracket: Hashable, Sendable, Codable {
  /// What tells one group of a plan from another.
  public var id: String
  public var rule: PruningRule
  /// The metric that is compared, such as `accuracy`; `nil`: the first of the data set's own.
  public var metric: String?

  public init(id: String, rule: PruningRule, metric: String? = nil) {
    self.id = id
    self.rule = rule
    self.metric = metric
  }
}
