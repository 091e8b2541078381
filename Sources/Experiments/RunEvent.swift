public import Datasets

/// What a worker writes to its attempt's journal, one JSON object a line, before it acts on it.
public enum RunEvent: Hashable, Sendable, Codable {
  /// The attempt began, possibly from a checkpoint.
  case started(RunStart)
  /// One point of a metric.
  case metric(MetricPoint)
  /// A checkpoint for this step is on disk.
  case checkpoint(step: Int)
  /// The run is done; nothing follows.
  case succeeded(RunSummary)
  /// The run cannot go on; nothing follows.
  case failed(RunFailure)
  /// The attempt was asked to stop and left a checkpoint; nothing follows.
  case stopped(step: Int)
  /// The attempt reached the step that it was ordered to go to and left a checkpoint; nothing
  /// follows.
  case paused(step: Int)
}

/// One point of a metric: `train/loss`, `validation/accuracy`, …; steps count from 1.
public struct MetricPoint: Hashable, Sendable, Codable {
  public var step: Int
  public var name: String
  public var value: Double

  public init(step: Int, name: String, value: Double) {
    self.step = step
    self.name = name
    self.value = value
  }
}

/// The facts of an attempt's beginning.
public struct RunStart: Hashable, Sendable, Codable {
  /// Scalars the method trains.
  public var trainable: Int
  /// Scalars of the backbone and the method together.
  public var total: Int
  /// The step of the checkpoint it resumes from; 0 for a fresh start.
  public var resumedFrom: Int
  /// The steps of the run, where its description says them in epochs; `nil` elsewhere.
  public var steps: Int?

  public init(trainable: Int, total: Int, resumedFrom: Int, steps: Int? = nil) {
    self.trainable = trainable
    self.total = total
    self.resumedFrom = resumedFrom
    self.steps = steps
  }
}

/// A finished run's results.
public struct RunSummary: Hashable, Sendable, Codable {
  /// `scores[.test]?["accuracy"]`, at the step that was best on validation.
  public var scores: [Split: [String: Double]]
  /// The step whose parameters were kept.
  public var bestStep: Int
  /// The step that training ended at; `nil` where it is not known.
  public var lastStep: Int?
  /// Wall-clock seconds of training and evaluation, over all attempts.
  public var seconds: Double
  /// The part of `seconds` that training steps took; `nil` where it is not known.
  public var trainingSeconds: Double?
  /// The most memory in bytes that the process had for itself: without the pages of the
  /// backbone's file, which all processes share.
  public var peakBytes: Int
  /// About the most encoder rows that it computed at once, where memory was short; `nil`: as
  /// measured best.
  public var partRows: Int?

  public init(
    scores: [Split: [String: Double]], bestStep: Int, lastStep: Int? = nil, seconds: Double,
    trainingSeconds: Double? = nil, peakBytes: Int, partRows: Int? = nil
  ) {
    self.scores = scores
    self.bestStep = bestStep
    self.lastStep = lastStep
    self.seconds = seconds
    self.trainingSeconds = trainingSeconds
    self.peakBytes = peakBytes
    self.partRows = partRows
  }
}

/// Why a run failed, in one sentence.
public struct RunFailure: Error, Hashable, Sendable, Codable {
  /// What kind of failure: it decides whether trying again can help.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// The loss or a gradient became NaN or infinite.
    case diverged
    /// The method, data or backbone does not fit the run.
    case invalid
    /// A file could not be read or written.
    case file
    /// A step needed more memory than there was.
    case memory
    /// The process ended by a signal or a trap.
    case crashed
  }

  public var kind: Kind
  public var message: String
  /// The step it happened in, where there is one.
  public var step: Int?

  public init(_ kind: Kind, _ message: String, step: Int? = nil) {
    self.kind = kind
    self.message = message
    self.step = step
  }
}
