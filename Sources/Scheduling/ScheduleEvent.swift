public import Experiments

/// What a scheduler tells whoever watches it.
public enum ScheduleEvent: Hashable, Sendable {
  /// What the plan and the store come to, before anything starts; `toRun` counts the runs that will
  /// end or be cancelled.
  case planned(ScheduleSummary, toRun: Int)
  /// An attempt left by a scheduler that died was ended or taken over.
  case recovered(RunID, attempt: Int)
  /// An attempt began.
  case started(RunID, attempt: Int)
  /// The run reported something: its start, a point, a checkpoint.
  case reported(RunID, RunEvent)
  /// The run, in the hands of another process's worker, got to this step.
  case progressed(RunID, step: Int)
  case succeeded(RunID, RunSummary)
  case failed(RunID, RunFailure)
  /// The run is not carried out, because one that it starts from failed: itself, or through others.
  case cancelled(RunID, source: RunID)
  /// The run was asked to stop and left a checkpoint.
  case stopped(RunID, step: Int)
  /// The run got to the step that its group is compared at, and waits for the others.
  case paused(RunID, step: Int)
  /// The run was given up at a step, because others of its group are better.
  case pruned(RunID, step: Int)
  /// The run had too little memory and is tried again, with parts of so many encoder rows.
  case retried(RunID, RunFailure, partRows: Int)
  /// Nothing is started until somebody lets the experiment go on.
  case suspended
  case resumed
  /// Another process carries the plan out; this one lends it its jobs.
  case helping(pid: Int)
  /// So many runs are carried out at the same time from now on: others help, or have left.
  case capacity(jobs: Int)
  /// The attempt's process died; the run starts again from its checkpoint.
  case lost(RunID, attempt: Int, reason: String)
  /// Seconds until everything is done, going by the speed so far.
  case estimate(seconds: Double)
}

/// How far a plan got: what `dept run --json` counts.
public struct ScheduleSummary: Hashable, Sendable, Codable {
  public var experiment: String
  public var planned: Int
  /// Had succeeded before.
  public var cached: Int
  public var succeeded: Int
  /// Failed now, or before and not tried again.
  public var failed: Int
  /// Neither succeeded nor failed: left out, stopped, or without a source because that failed.
  public var cancelled: Int
  /// Given up at a checkpoint, because others of their group are better.
  public var pruned: Int
  /// Whether it was asked to stop before everything was done.
  public var wasStopped: Bool
  /// Whether it was told to stop at once, without checkpoints.
  public var wasKilled: Bool

  public init(
    experiment: String, planned: Int, cached: Int = 0, succeeded: Int = 0, failed: Int = 0,
    cancelled: Int = 0, pruned: Int = 0, wasStopped: Bool = false, wasKilled: Bool = false
  ) {
    self.experiment = experiment
    self.planned = planned
    self.cached = cached
    self.succeeded = succeeded
    self.failed = failed
    self.cancelled = cancelled
    self.pruned = pruned
    self.wasStopped = wasStopped
    self.wasKilled = wasKilled
  }

  /// The exit code that says the same: 130 killed, 85 stopped with work left, 1 failed, 0 done.
  public var exitCode: Int32 {
    if wasKilled { return 130 }
    if wasStopped && cancelled > 0 { return 85 }
    return failed > 0 ? 1 : 0
  }
}
