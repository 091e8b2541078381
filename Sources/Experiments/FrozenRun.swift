/// The record of a run at one moment: a value, with no store behind it.
public struct FrozenRun: Hashable, Sendable, Codable {
  public var id: RunID
  /// The experiment that asked for it (the newest, where several did).
  public var experiment: String
  public var spec: RunSpec
  public var state: RunState
  /// Attempts so far.
  public var attempts: Int
  /// Scalars the method trains; 0 until the run has started once.
  public var trainable: Int
  /// Scalars of backbone and method together; 0 until the run has started once.
  public var total: Int
  /// Present once the run has succeeded.
  public var summary: RunSummary?
  /// Present when the newest attempt failed.
  public var failure: RunFailure?
  /// Points by metric name, in step order, one per step.
  public var curves: [String: [MetricPoint]]
  /// Where and with what it ran.
  public var provenance: RunProvenance
  /// The search that its configuration won; `nil` where there was none.
  public var selection: RunSelection?

  public init(
    id: RunID, experiment: String, spec: RunSpec, state: RunState, attempts: Int = 0,
    trainable: Int = 0, total: Int = 0, summary: RunSummary? = nil, failure: RunFailure? = nil,
    curves: [String: [MetricPoint]] = [:], provenance: RunProvenance = RunProvenance()
  ) {
    self.id = id
    self.experiment = experiment
    self.spec = spec
    self.state = state
    self.attempts = attempts
    self.trainable = trainable
    self.total = total
    self.summary = summary
    self.failure = failure
    self.curves = curves
    self.provenance = provenance
  }
}

/// The life of a run. `lost` is derived: its attempt says running, but its process is gone.
public enum RunState: String, CaseIterable, Hashable, Sendable, Codable {
  case queued
  case running
  case succeeded
  case failed
  case cancelled
  case lost
  /// Given up at a checkpoint, because others of its group were better.
  case pruned
}

/// Where and with what a run was carried out; empty strings where unknown.
public struct RunProvenance: Hashable, Sendable, Codable {
  /// The version of `dept`.
  public var version = ""
  /// The operating system, processor and thread count.
  public var machine = ""
  /// SHA-256 of the data, and of the backbone's weights.
  public var dataDigest = ""
  public var backboneDigest = ""
  /// The commit of the working tree the experiment file lies in; `+` at its end: with changes.
  public var commit = ""
  /// ISO 8601, in UTC.
  public var startedAt = ""
  public var finishedAt = ""
  /// The runs whose adapters it starts from; `nil` where there are none.
  public var sources: [RunID]?
  /// The version of what the engine computes (`Engine.semanticsVersion`); `nil` in records that are
  /// older than this field.
  public var engine: Int?
  /// The key of the `RunEnvironment` that the store keeps; `nil` where it has none.
  public var environment: String?
  /// SHA-256 of the patch of uncommitted changes; `nil` where there were none.
  public var patch: String?
  /// SHA-256 of the experiment's file, whose text the store keeps.
  public var experimentSource: String?

  public init() {}
}

/// What a report is a function of: an experiment's runs, in plan order.
public struct ResultSet: Hashable, Sendable, Codable {
  public var experiment: String
  public var runs: [FrozenRun]
  /// Runs that the plan does not list and others start from, without their points: they are no part
  /// of tables and curves.
  public var sources: [FrozenRun]
  /// The runs of searches, winners included, without their points: they are no part of tables and
  /// curves.
  public var candidates: [FrozenRun]
  /// Whether the experiment's file asks for other runs by now than these.
  public var isStale: Bool

  public init(
    experiment: String, runs: [FrozenRun], sources: [FrozenRun] = [], candidates: [FrozenRun] = [],
    isStale: Bool = false
  ) {
    self.experiment = experiment
    self.runs = runs
    self.sources = sources
    self.candidates = candidates
    self.isStale = isStale
  }
}
