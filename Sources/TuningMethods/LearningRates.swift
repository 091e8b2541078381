/// The base learning rates of a run's parameter groups.
public struct LearningRates: Hashable, Sendable, Codable {
  /// The rate of everything that is in no other group.
  public var main: Double
  /// The rate of DePT's low-rank pair; `nil`: the same as `main`.
  public var lowRank: Double?

  public init(_ main: Double, lowRank: Double? = nil) {
    self.main = main
    self.lowRank = lowRank
  }
}
