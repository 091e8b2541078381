public import Experiments

/// A run that another tracker has recorded, as it enters the store; its points come beside it.
public struct ImportedRun: Hashable, Sendable {
  /// What it was, as far as its record says.
  public var spec: RunSpec
  /// `succeeded`, `failed` or `cancelled`: nothing that is imported waits for a scheduler.
  public var state: RunState
  public var provenance: RunProvenance
  /// Its results; `nil` unless it has succeeded.
  public var summary: RunSummary?
  /// Why it failed; `nil` unless it did.
  public var failure: RunFailure?
  /// Scalars that were trained; 0 where that is not known.
  public var trainable = 0
  /// Names that the run is known by.
  public var tags: [String] = []
  /// Remarks on it, in Markdown.
  public var notes: [String] = []

  public init(spec: RunSpec, state: RunState, provenance: RunProvenance) {
    self.spec = spec
    self.state = state
    self.provenance = provenance
  }
}

/// Where a run comes from: which it is there, and how much of it there was.
public struct RunOrigin: Hashable, Sendable {
  /// The identity that it has here from then on.
  public var id: RunID
  /// `mlflow`, `tensorboard`.
  public var tracker: String
  /// The experiment that it belongs to there.
  public var experiment: String
  /// Another text once the run has more there than when it was imported.
  public var version: String

  public init(id: RunID, tracker: String, experiment: String, version: String) {
    self.id = id
    self.tracker = tracker
    self.experiment = experiment
    self.version = version
  }
}

/// What became of a run that was to be imported.
public enum ImportOutcome: Hashable, Sendable {
  case added
  /// It had been imported before, and had more to tell now.
  case renewed
  /// It had been imported before, and nothing was changed.
  case known
}
