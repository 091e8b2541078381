public import Datasets

/// How the winner of a search is chosen among its configurations.
public struct SelectionRule: Hashable, Sendable, Codable {
  /// Whose scores decide.
  public var split: Split
  /// The metric that decides; `nil`: the first of the data set's own.
  public var metric: String?

  public init(split: Split, metric: String? = nil) {
    self.split = split
    self.metric = metric
  }

  /// The highest score on `split`, at the step that was best on validation.
  public static func best(on split: Split, metric: String? = nil) -> SelectionRule {
    SelectionRule(split: split, metric: metric)
  }
}

/// A search among the runs of a plan: its winners are carried out again with other seeds, and only
/// those are reported.
public struct PlanSearch: Hashable, Sendable, Codable {
  /// What tells one search of a plan from another.
  public var id: String
  public var rule: SelectionRule
  /// Whether each data set has a winner of its own; otherwise the best mean over data sets wins.
  public var perTask: Bool
  /// The seeds that winners are carried out with.
  public var seeds: [Int]
  /// The line that asks for it.
  public var location: SourceLocation?

  public init(
    id: String, rule: SelectionRule, perTask: Bool, seeds: [Int], location: SourceLocation? = nil
  ) {
    self.id = id
    self.rule = rule
    self.perTask = perTask
    self.seeds = seeds
    self.location = location
  }
}
