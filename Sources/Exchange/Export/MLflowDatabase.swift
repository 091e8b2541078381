import Experiments
import Foundation
import GRDB
import RunStorage

/// Writes an experiment into the tables of MLflow.
struct MLflowDatabase {
  let database: Database

  func write(_ export: RunExport) throws {
    let runs = export.runs.map { ($0, RunTimes($0)) }
    let begin = Int((runs.map(\.1.begin).min() ?? 0) * 1000)
    let end = Int((runs.map(\.1.end).max() ?? 0) * 1000)
    let number = export.experiment == "Default" ? 0 : 1
    try enter("Default", 0, begin, begin)
    if number == 1 { try enter(export.experiment, 1, begin, end) }
    let notes = try export.store.notes(on: .experiment(export.experiment)).map(\.text)
    if !notes.isEmpty {
      try database.execute(
        sql: "INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)",
        arguments: [
          "mlflow.note.content", MLflowNames.value(notes.joined(separator: "\n\n")), number,
        ])
    }
    var names = MLflowNames()
    for (run, times) in runs {
      try write(run, times, experiment: number, export)
      try writePoints(run, times, export, &names)
    }
  }

  private func enter(_ name: String, _ number: Int, _ begin: Int, _ end: Int) throws {
    try database.execute(
      sql: """
        INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage,
          creation_time, last_update_time, workspace)
        VALUES (?, ?, ?, 'active', ?, ?, 'default')
        """, arguments: [number, MLflowNames.key(name), "mlruns/\(number)", begin, end])
  }

  private func write(
    _ run: FrozenRun, _ times: RunTimes, experiment: Int, _ export: RunExport
  ) throws {
    let id = Self.identity(run)
    let isOver = ![.queued, .running].contains(run.state)
    try database.cachedStatement(
      sql: """
        INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id,
          status, start_time, end_time, source_version, lifecycle_stage, artifact_uri,
          experiment_id)
        VALUES (?, ?, 'LOCAL', 'dept', '', '', ?, ?, ?, ?, 'active', ?, ?)
        """
    ).execute(arguments: [
      id, MLflowNames.key(run.spec.name), Self.status(run.state), Int(times.begin * 1000),
      isOver ? Int(times.end * 1000) : nil, String(run.provenance.commit.prefix(50)),
      "mlruns/\(experiment)/\(id)/artifacts", experiment,
    ])
    let parameter = try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO params (key, value, run_uuid) VALUES (?, ?, ?)")
    for (name, value) in export.parameters(run) {
      try parameter.execute(arguments: [
        MLflowNames.key(name), MLflowNames.value(value.plainText), id,
      ])
    }
    var tags = [
      "mlflow.runName": run.spec.name, "mlflow.source.type": "LOCAL", "mlflow.source.name": "dept",
      "mlflow.user": "", "dept.run": run.id.rawValue, "dept.state": run.state.rawValue,
    ]
    if !run.provenance.commit.isEmpty {
      tags["mlflow.source.git.commit"] = run.provenance.commit
    }
    if let failure = run.failure { tags["dept.failure"] = failure.message }
    let notes = try export.store.notes(on: .run(run.id)).map(\.text)
    if !notes.isEmpty { tags["mlflow.note.content"] = notes.joined(separator: "\n\n") }
    for tag in try export.store.tags(of: run.id) { tags["dept.tag.\(tag)"] = "" }
    let statement = try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO tags (key, value, run_uuid) VALUES (?, ?, ?)")
    for (name, value) in tags {
      try statement.execute(arguments: [MLflowNames.key(name), MLflowNames.value(value), id])
    }
  }

  private func writePoints(
    _ run: FrozenRun, _ times: RunTimes, _ export: RunExport, _ names: inout MLflowNames
  ) throws {
    let id = Self.identity(run)
    var all: [(String, [Int], [Double])] = []
    let step = run.summary?.bestStep ?? 0
    for (name, score) in run.scores {
      all.append(("score/\(RunExport.slashed(name))", [step], [score]))
    }
    if run.trainable > 0 { all.append(("run/parameters", [0], [Double(run.trainable)])) }
    if let summary = run.summary {
      all.append(("run/seconds", [0], [summary.seconds]))
      all.append(("run/peak_bytes", [0], [Double(summary.peakBytes)]))
    }
    for (name, steps, values) in all {
      try write(names.name(for: name), steps, values, id, times)
    }
    try export.store.forEachSeries(of: run.id) { series in
      try write(names.name(for: series.name), series.steps, series.values, id, times)
    }
  }

  private func write(
    _ name: String, _ steps: [Int], _ values: [Double], _ run: String, _ times: RunTimes
  ) throws {
    guard let last = steps.last else { return }
    let statement = try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    for (step, value) in zip(steps, values) {
      let time = Int(times.time(of: step, last: last) * 1000)
      try statement.execute(arguments: [
        name, Self.stored(value), time, run, step, value.isNaN ? 1 : 0,
      ])
    }
    guard let value = values.last else { return }
    try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      name, Self.stored(value), Int(times.time(of: last, last: last) * 1000), last,
      value.isNaN ? 1 : 0, run,
    ])
  }

  /// MLflow's identities have half as many digits.
  static func identity(_ run: FrozenRun) -> String { String(run.id.rawValue.prefix(32)) }

  /// MLflow keeps NaN as a mark beside 0, and infinities as the largest numbers.
  private static func stored(_ value: Double) -> Double {
    if value.isNaN { return 0 }
    if value.isInfinite {
      return value > 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude
    }
    return value
  }

  private static func status(_ state: RunState) -> String {
    switch state {
    case .succeeded: "FINISHED"
    case .failed: "FAILED"
    case .running: "RUNNING"
    case .queued: "SCHEDULED"
    default: "KILLED"
    }
  }
}
