public import Backbones
public import Experiments
public import RunStorage
import Training

/// How worker processes are started.
public struct WorkerCommand: Hashable, Sendable {
  /// The path of an executable that calls `Worker.serve`: the compiled experiment, or `dept`
  /// itself.
  public var executable: String
  public var arguments: [String]

  public init(executable: String, arguments: [String] = ["worker"]) {
    self.executable = executable
    self.arguments = arguments
  }
}

/// Where a scheduler works, and what its workers are told.
public struct ScheduleSetup: Sendable {
  /// The folder of the store and of `runs/`.
  public var home: String
  public var worker: WorkerCommand
  /// The folder under which fetched data sets lie.
  public var dataDirectory: String
  /// The directory of a backbone.
  public var backboneDirectory: @Sendable (BackboneID) -> String
  /// Threads of the engine in each worker; 0: the cores available, shared among the jobs.
  public var threads = 0
  /// The most memory in bytes that a worker may have for itself; `nil`: what the machine gives.
  public var memoryLimit: Int?
  /// The most memory in bytes that all workers may have together, backbones included; `nil`: what
  /// the machine leaves.
  public var memoryBudget: Int?
  /// Bytes of a backbone's weights, which workers share.
  public var weightBytes: @Sendable (BackboneID) -> Int = { _ in 0 }
  /// What a run is predicted to take, in a unit of its own; `nil` where nothing can be said.
  public var cost: @Sendable (ResolvedRun) -> Double? = { $0.work }
  /// What is done about runs that fail.
  public var retries = RetryPolicy.standard
  /// The runs that had succeeded before the user asked for this; `nil`: those that the store has.
  public var finishedBefore: Set<RunID>?
  /// What every new run is recorded to have been carried out with: version, machine, commit.
  public var provenance = RunProvenance()
  /// What `provenance` names by its hash, for the store to keep.
  public var record: ProvenanceRecord?
  /// What of a run's data or backbone is no longer what was planned, in one sentence; asked before
  /// each run starts.
  public var change: @Sendable (ResolvedRun) -> String? = { _ in nil }
  /// Where the ids of a run's examples are kept; asked before each run starts.
  public var tokens: @Sendable (RunSpec) -> TokenPlace? = { _ in nil }
  /// What is predicted of runs, which is kept with those that are carried out.
  public var predictions: [RunID: RunPrediction] = [:]
  /// Seconds between two looks into the journals.
  public var foldInterval = 0.25
  /// Seconds that a worker left by a dead scheduler has to write its checkpoint.
  public var orphanPatience = 30.0

  public init(
    home: String, worker: WorkerCommand, dataDirectory: String,
    backboneDirectory: @escaping @Sendable (BackboneID) -> String
  ) {
    self.home = home
    self.worker = worker
    self.dataDirectory = dataDirectory
    self.backboneDirectory = backboneDirectory
  }
}

extension ResolvedRun {
  /// Source tokens that its training reads at the most: what its time follows from, roughly.
  public var work: Double {
    let schedule = spec.schedule
    let batch = schedule.batchTokens ?? schedule.batchSize * schedule.sourceLength
    return Double(schedule.steps) * Double(batch)
  }
}

/// Why a plan cannot be carried out at all.
public enum ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Worker processes cannot be started.
  case noWorkers(executable: String, reason: String)
  /// A run's folder cannot be made.
  case folder(path: String, reason: String)
  /// A file that tells other processes something cannot be written.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .noWorkers(let executable, let reason):
      "no worker process can be started from \(executable): \(reason)"
    case .unwritable(let path, let reason):
      "\(path) cannot be written: \(reason); make its folder writable, or choose another --home"
    case .folder(let path, let reason):
      "the run's folder \(path) cannot be made: \(reason)"
    }
  }
}
