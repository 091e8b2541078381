import Datasets
import Experiments
import GRDB

/// Puts rows of several tables together into `FrozenRun` values.
struct FrozenRunReading {
  let database: Database
  /// Whether the points of every metric are read too.
  let curves: Bool

  /// - Parameters:
  ///   - sql: selects rows of `run`.
  ///   - experiment: the name to give; `nil`: that of the newest plan that listed the run.
  func runs(
    sql: String, arguments: StatementArguments, experiment: String?
  ) throws -> [FrozenRun] {
    try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
      try run(row, experiment: experiment)
    }
  }

  private func run(_ row: Row, experiment: String?) throws -> FrozenRun {
    let key: Int64 = row["key"]
    var run = FrozenRun(
      id: RunID(rawValue: row["id"]), experiment: try experiment ?? newestExperiment(key),
      spec: try StoredJSON.value(RunSpec.self, row["spec"]),
      state: RunState(row: row), trainable: row["trainable"],
      total: row["total"], provenance: try StoredJSON.value(RunProvenance.self, row["provenance"]))
    if let selection = row["selection"] as String? {
      run.selection = try StoredJSON.value(RunSelection.self, selection)
    }
    let newest = try readAttempts(key, into: &run)
    if run.state == .succeeded {
      run.summary = try summary(key)
      run.summary?.lastStep = newest?.lastStep
      run.summary?.partRows = newest?.partRows
    }
    if curves { run.curves = try readCurves(key) }
    return run
  }

  private func newestExperiment(_ key: Int64) throws -> String {
    try String.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT experiment.name FROM experiment_run
          JOIN experiment ON experiment.key = experiment_run.experiment
          WHERE experiment_run.run = ? ORDER BY experiment.plan_number DESC LIMIT 1
          """), arguments: [key]) ?? ""
  }

  /// Returns the last step of the newest attempt, and the encoder rows that it had in a part of a
  /// step where they were not as usual.
  private func readAttempts(
    _ key: Int64, into run: inout FrozenRun
  ) throws -> (lastStep: Int, partRows: Int?)? {
    let rows = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT * FROM attempt WHERE run = ? ORDER BY n"),
      arguments: [key])
    run.attempts = rows.count
    guard let newest = rows.last else { return nil }
    if run.state == .running, !ProcessIdentity(row: newest).isAlive { run.state = .lost }
    if run.state == .failed {
      run.failure = RunFailure(
        RunFailure.Kind(rawValue: newest["failure_kind"] ?? "") ?? .crashed,
        newest["reason"] ?? "no reason is known", step: newest["failed_step"])
    }
    // One that had nothing left to train has only gone on from there.
    return (max(newest["last_step"], newest["resumed_from"]), newest["part_rows"])
  }

  private func summary(_ key: Int64) throws -> RunSummary? {
    guard
      let row = try Row.fetchOne(
        database.cachedStatement(sql: "SELECT * FROM run_summary WHERE run = ?"), arguments: [key])
    else { return nil }
    return RunSummary(
      scores: try StoredJSON.value([Split: [String: Double]].self, row["scores"]),
      bestStep: row["best_step"], seconds: row["seconds"],
      trainingSeconds: row["training_seconds"], peakBytes: row["peak_bytes"])
  }

  private func readCurves(_ key: Int64) throws -> [String: [MetricPoint]] {
    var curves: [String: [MetricPoint]] = [:]
    for row in try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT metric.key, metric.name FROM metric_summary
          JOIN metric ON metric.key = metric_summary.metric WHERE run = ?
          """), arguments: [key])
    {
      let name: String = row[1]
      let points = try PointTable(database: database, run: key, metric: row[0]).points()
      curves[name] = zip(points.steps, points.values).map { step, value in
        MetricPoint(step: step, name: name, value: value)
      }
    }
    return curves
  }
}

extension RunState {
  /// The state of a row of `run`, before anybody has looked whether its process lives.
  init(row: Row) {
    let isPruned = row["state"] == "cancelled" && row["pruned_step"] as Int? != nil
    self = isPruned ? .pruned : RunState(rawValue: row["state"]) ?? .queued
  }
}

extension ProcessIdentity {
  /// The process of a row of `attempt`.
  init(row: Row) {
    self.init(
      pid: row["pid"], startTime: row["process_start"], bootID: row["boot_id"], host: row["host"])
  }
}
