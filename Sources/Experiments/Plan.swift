public import TuningMethods

/// A set of runs, in the order the experiment lists them; modifiers map over every run inside.
///
/// ```swift
/// Run(DePT(promptLength: 40, rank: 45), on: .sst2, with: .nano)
///   .learningRates(prompt: 0.3, lowRank: 5e-4)
///   .seeds(1...3)
/// ```
public struct Plan: Sendable {
  /// One run, the method as Swift knows it, and the line that asked for it.
  public struct Entry: Sendable {
    public var spec: RunSpec
    /// The method itself: one declared in the experiment's file exists only in its process.
    public let method: any TuningMethod
    public var location: SourceLocation
    /// What is wrong with the modifiers of this run, in one sentence each.
    public var mistakes: [String]
    /// The runs that it starts from: those that `spec.sources` describes.
    public var sources: [Entry]
    /// Higher comes first; no part of the run's identity.
    public var priority = 0
    /// The search that this run is a candidate of.
    public var search: PlanSearch?
    /// The group that this run is pruned in.
    public var bracket: PlanBracket?

    public init(
      spec: RunSpec, method: any TuningMethod, location: SourceLocation, mistakes: [String] = [],
      sources: [Entry] = []
    ) {
      self.spec = spec
      self.method = method
      self.location = location
      self.mistakes = mistakes
      self.sources = sources
    }
  }

  public var entries: [Entry]
  /// The order in which the runs are started.
  public var order = RunOrder.planned
  /// What is said in prose between the runs, in Markdown.
  public var notes: [String] = []
  /// What is wrong with the plan as a whole, in one sentence each.
  public var issues: [PlanIssue] = []

  public init(_ entries: [Entry] = []) {
    self.entries = entries
  }

  /// The number of runs, without those that they start from.
  public var count: Int { entries.count }

  /// Every run inside, changed by `change`.
  public func map(_ change: (inout Entry) -> Void) -> Plan {
    with(
      entries.map { entry in
        var entry = entry
        change(&entry)
        return entry
      })
  }

  /// This plan, its order, notes and issues, with other runs.
  func with(_ entries: [Entry]) -> Plan {
    var plan = self
    plan.entries = entries
    return plan
  }

  /// Every run inside once per value: the axis `values` multiplies the plan.
  ///
  /// An empty axis would silently plan nothing, so it is remembered as a mistake of each run.
  ///
  /// - Parameter axis: what the values are, for the message: `seeds`.
  public func multiplied<Value>(
    over values: some Sequence<Value>, axis: String, _ change: (inout Entry, Value) -> Void
  ) -> Plan {
    let values = Array(values)
    guard !values.isEmpty else {
      return map { $0.mistakes.append("`.\(axis)` got no value; give it at least one") }
    }
    return with(
      entries.flatMap { entry in
        values.map { value in
          var entry = entry
          change(&entry, value)
          return entry
        }
      })
  }
}
