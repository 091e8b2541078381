public import Experiments
import Foundation
import GRDB

/// What a run that has succeeded took: what predictions go by.
public struct MeasuredRun: Hashable, Sendable {
  public var id: RunID
  public var spec: RunSpec
  /// Where it ran: system, processor and threads; empty where unknown.
  public var machine: String
  public var summary: RunSummary
}

/// What was predicted of a run when it was started.
public struct RunPrediction: Hashable, Sendable {
  /// From its first step to its last score.
  public var seconds: Double
  /// The most memory it has for itself; `nil`: nothing was known of that.
  public var bytes: Int?

  public init(seconds: Double, bytes: Int? = nil) {
    self.seconds = seconds
    self.bytes = bytes
  }
}

/// A prediction and what came of it.
public struct JudgedPrediction: Hashable, Sendable {
  public var predicted: RunPrediction
  public var seconds: Double
  public var bytes: Int
}

/// A run of the newest plan of an experiment.
public struct WantedRun: Hashable, Sendable {
  public var id: RunID
  public var state: RunState
  /// Whether the plan only had it because others start from it.
  public var isSource: Bool
  /// Whether the newest plan of another experiment wants it too.
  public var isShared: Bool
}

extension RunStore {
  /// Runs that have succeeded with one of some backbones, the newest first.
  ///
  /// - Parameter most: so many are read at the most.
  public func measuredRuns(
    backbones: Set<String>, most: Int
  ) throws(StoreError) -> [MeasuredRun] {
    try reading { database in
      let marks = databaseQuestionMarks(count: backbones.count)
      return try Row.fetchAll(
        database,
        sql: """
          SELECT run.id, run.spec, json_extract(run.provenance, '$.machine') AS machine,
            best_step, seconds, training_seconds, peak_bytes,
            (SELECT max(last_step) FROM attempt WHERE attempt.run = run.key) AS last_step
          FROM run JOIN run_summary ON run_summary.run = run.key
          WHERE run.state = 'succeeded' AND run.backbone IN (\(marks))
            AND NOT EXISTS (SELECT 1 FROM origin WHERE origin.run = run.key)
          ORDER BY run.key DESC LIMIT \(most)
          """, arguments: StatementArguments(backbones.sorted())
      ).map { row in
        MeasuredRun(
          id: RunID(rawValue: row["id"]),
          spec: try JSONValue(parsing: Data((row["spec"] as String).utf8))
            .decoded(as: RunSpec.self),
          machine: row["machine"] ?? "",
          summary: RunSummary(
            scores: [:], bestStep: row["best_step"], lastStep: row["last_step"],
            seconds: row["seconds"], trainingSeconds: row["training_seconds"],
            peakBytes: row["peak_bytes"]))
      }
    }
  }

  /// The newest predictions of runs that have succeeded since, the newest first.
  public func judgedPredictions(most: Int) throws(StoreError) -> [JudgedPrediction] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT prediction.seconds AS predicted, prediction.bytes AS predicted_bytes,
            run_summary.seconds, run_summary.peak_bytes
          FROM prediction JOIN run ON run.key = prediction.run
          JOIN run_summary ON run_summary.run = run.key
          WHERE run.state = 'succeeded'
          ORDER BY prediction.made_at DESC, run.key DESC LIMIT \(most)
          """
      ).map { row in
        JudgedPrediction(
          predicted: RunPrediction(seconds: row["predicted"], bytes: row["predicted_bytes"]),
          seconds: row["seconds"], bytes: row["peak_bytes"])
      }
    }
  }

  /// The runs that the newest plan of an experiment wanted, in its order; none where the store does
  /// not know it.
  public func wantedRuns(experiment name: String) throws(StoreError) -> [WantedRun] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT run.id, run.state, experiment_run.source, EXISTS (
            SELECT 1 FROM experiment_run AS other
            WHERE other.run = run.key AND other.experiment != experiment.key AND other.wanted = 1)
          FROM experiment JOIN experiment_run ON experiment_run.experiment = experiment.key
          JOIN run ON run.key = experiment_run.run
          WHERE experiment.name = ? AND wanted = 1 AND run.deleted_at IS NULL
          ORDER BY position
          """, arguments: [name]
      ).map { row in
        WantedRun(
          id: RunID(rawValue: row[0]), state: RunState(rawValue: row[1]) ?? .queued,
          isSource: row[2], isShared: row[3])
      }
    }
  }

  /// Why runs failed, of all that are failed now.
  public func failures() throws(StoreError) -> [RunID: RunFailure] {
    try reading { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT run.id, failure_kind, reason, failed_step FROM run
          JOIN attempt ON attempt.run = run.key
            AND attempt.n = (SELECT max(n) FROM attempt WHERE run = run.key)
          WHERE run.state = 'failed'
          """)
      return Dictionary(
        rows.map { row in
          (
            RunID(rawValue: row[0]),
            RunFailure(
              RunFailure.Kind(rawValue: row[1] ?? "") ?? .crashed,
              row[2] ?? "no reason is known", step: row[3])
          )
        }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Some runs as they were when they were last touched, without their points.
  public func runs(_ ids: [RunID]) throws(StoreError) -> [FrozenRun] {
    try reading { database in
      try ids.flatMap { id in
        try FrozenRunReading(database: database, curves: false).runs(
          sql: "SELECT * FROM run WHERE id = ?", arguments: [id.rawValue], experiment: nil)
      }
    }
  }
}

extension StoreWriter {
  /// Keeps what is predicted of runs that are about to be carried out.
  public func record(_ predictions: [RunID: RunPrediction]) throws(StoreError) {
    guard !predictions.isEmpty else { return }
    try writing { database in
      let now = StoredJSON.now()
      for (id, prediction) in predictions {
        try database.cachedStatement(
          sql: """
            INSERT OR REPLACE INTO prediction (run, seconds, bytes, made_at)
            SELECT key, ?, ?, ? FROM run WHERE id = ?
            """
        ).execute(arguments: [prediction.seconds, prediction.bytes, now, id.rawValue])
      }
    }
  }
}
