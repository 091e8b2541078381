/// What the scheduler writes to a worker's standard input, one JSON object a line.
public struct WorkOrder: Hashable, Sendable, Codable {
  public var id: RunID
  public var spec: RunSpec
  /// Counts from 1.
  public var attempt: Int
  /// The run's folder: `attempt-N.journal`, `checkpoint.safetensors`, `adapter.safetensors`, …
  public var directory: String
  /// The folder under which fetched data sets lie, one folder each.
  public var dataDirectory: String
  /// The backbone's directory in Hugging Face layout.
  public var backboneDirectory: String
  /// The adapter files that the run starts from, in the order of its sources.
  public var sourceAdapters: [String]
  /// Where the ids of examples are kept; `nil`: they are found example by example.
  public var tokens: TokenPlace?
  /// Worker threads of the engine; 0: the cores available.
  public var threads: Int
  /// The most memory in bytes that the worker may have for itself; `nil`: what the machine gives.
  public var memoryLimit: Int?
  /// The step to stop at after a checkpoint, before the last; `nil`: none.
  public var pauseAt: Int?
  /// The most encoder rows that a part of a step may have, so that it needs less memory; `nil`: as
  /// measured best.
  public var partRows: Int?

  public init(
    id: RunID, spec: RunSpec, attempt: Int, directory: String, dataDirectory: String,
    backboneDirectory: String, sourceAdapters: [String] = [], tokens: TokenPlace? = nil,
    threads: Int, memoryLimit: Int? = nil
  ) {
    self.id = id
    self.spec = spec
    self.attempt = attempt
    self.directory = directory
    self.dataDirectory = dataDirectory
    self.backboneDirectory = backboneDirectory
    self.sourceAdapters = sourceAdapters
    self.tokens = tokens
    self.threads = threads
    self.memoryLimit = memoryLimit
  }

  /// The file this attempt's events are appended to.
  public var journalPath: String { "\(directory)/attempt-\(attempt).journal" }

  /// The file that the run goes on from after an interruption; gone once it has succeeded.
  public var checkpointPath: String { "\(directory)/checkpoint.safetensors" }

  /// The file that takes the answers to the test examples, and how well each did.
  public var predictionsPath: String { "\(directory)/predictions.jsonl" }

  /// The file that takes what the attempt prints.
  public var logPath: String { "\(directory)/attempt-\(attempt).log" }
}

/// What a worker answers on its standard output when an order is done, one JSON object a line.
public struct WorkReply: Hashable, Sendable, Codable {
  /// How an order came to its end.
  public enum Ending: String, Hashable, Sendable, Codable {
    case succeeded, failed, stopped, paused
  }
  public var id: RunID
  public var attempt: Int
  public var ending: Ending
  /// Why the journal does not tell the ending, in one sentence; `nil` where it does.
  public var problem: String?

  public init(id: RunID, attempt: Int, ending: Ending, problem: String? = nil) {
    self.id = id
    self.attempt = attempt
    self.ending = ending
    self.problem = problem
  }
}
