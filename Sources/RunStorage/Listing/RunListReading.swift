import Experiments
import GRDB

/// Reads many runs in a few statements, as much of each as is asked for.
struct RunListReading {
  let database: Database
  /// The row numbers of the runs that are read; `nil`: all.
  var keys: [Int64]?

  /// The runs, oldest first.
  func runs(
    _ parts: ListedParts, deleted: Bool, points: [String] = []
  ) throws -> [ListedRun] {
    let values = try summaries(points)
    let names = parts.contains(.experiment) ? try experiments() : [:]
    let attempts = parts.contains(.attempts) ? try attemptCounts() : [:]
    let failures = parts.contains(.attempts) ? try failures() : [:]
    let tags = parts.contains(.tags) ? try tags() : [:]
    let lost = try lost()
    var runs: [ListedRun] = []
    let rows = try Row.fetchCursor(database, sql: sql(parts, deleted))
    while let row = try rows.next() {
      var run = Self.run(row)
      if run.state == .running, lost.contains(run.key) { run.state = .lost }
      if run.state == .failed { run.failure = failures[run.key] }
      run.experiment = names[run.key] ?? ""
      run.attempts = attempts[run.key] ?? 0
      if !tags.isEmpty { run.tags = tags[run.key] ?? [] }
      for (field, value) in values { run.points[field] = value[run.key] }
      runs.append(run)
    }
    return runs
  }

  /// A condition that only rows of the runs that are read meet.
  private func isRead(_ column: String) -> String {
    guard let keys else { return "true" }
    return "\(column) IN (\(keys.map(String.init).joined(separator: ",")))"
  }

  private func sql(_ parts: ListedParts, _ deleted: Bool) -> String {
    let spec =
      parts.contains(.spec)
      ? """
      run.spec, CASE WHEN instr(run.provenance, '"sources"') > 0
        THEN json_extract(run.provenance, '$.sources') END
      """ : "'', NULL"
    let summary =
      parts.contains(.summary)
      ? "run_summary.scores, run_summary.best_step, run_summary.seconds, run_summary.peak_bytes"
      : "NULL, 0, 0.0, 0"
    let join = parts.contains(.summary) ? "LEFT JOIN run_summary ON run_summary.run = run.key" : ""
    return """
      SELECT run.key, run.id, \(StoreSchema.shownState), run.backbone, run.dataset, run.method,
        run.seed, run.trainable, \(spec), \(summary)
      FROM run \(join)
      WHERE run.deleted_at IS \(deleted ? "NOT NULL" : "NULL") AND \(isRead("run.key"))
      ORDER BY run.key
      """
  }

  private static func run(_ row: Row) -> ListedRun {
    let state: String = row[2]
    let scores: String? = row[10]
    let sources: String? = row[9]
    var run = ListedRun(
      id: RunID(rawValue: row[1]), state: RunState(rawValue: state) ?? .queued, backbone: row[3],
      dataset: row[4], method: row[5], seed: row[6], parameters: row[7], spec: JSONText(row[8]),
      sources: sources.map(JSONText.init), key: row[0])
    if let scores, run.state == .succeeded {
      run.summary = ListedRun.Summary(
        scores: JSONText(scores), bestStep: row[11], seconds: row[12], peakBytes: row[13])
    }
    return run
  }

  /// For each summary of points that is asked for, its value by run.
  ///
  /// - Throws: `RunFilterError.unknownMetric` for a metric that no run has points of.
  private func summaries(_ fields: [String]) throws -> [String: [Int64: Double]] {
    var all: [String: [Int64: Double]] = [:]
    for field in fields {
      guard all[field] == nil, let (asked, metric) = PointSummary.parse(field) else { continue }
      let key = try key(of: metric)
      // Once, and not for each run.
      let summary = asked.resolved(of: metric)
      var values: [Int64: Double] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT run, last, min, max FROM metric_summary WHERE metric = ? AND \(isRead("run"))
          """,
        arguments: [key])
      while let row = try rows.next() {
        values[row[0]] = summary.value(of: metric, last: row[1], min: row[2], max: row[3])
      }
      all[field] = values
    }
    return all
  }

  /// The row numbers of the first runs by a summary of points: what `runs` would sort to the
  /// beginning, without reading the others. Runs without such points come last.
  ///
  /// - Returns: `nil` where the order is by another field.
  /// - Throws: `RunFilterError.unknownMetric` for a metric that no run has points of.
  func first(_ limit: Int, by order: RunListRequest.Order, deleted: Bool) throws -> [Int64]? {
    guard let (asked, metric) = PointSummary.parse(order.field) else { return nil }
    let value = "metric_summary.\(asked.resolved(of: metric).rawValue)"
    return try Int64.fetchAll(
      database,
      sql: """
        SELECT run.key FROM run
        LEFT JOIN metric_summary ON metric_summary.run = run.key AND metric_summary.metric = ?
        WHERE run.deleted_at IS \(deleted ? "NOT NULL" : "NULL")
        ORDER BY \(value) IS NULL, \(value) \(order.isDescending ? "DESC" : "ASC"), run.key
        LIMIT ?
        """, arguments: [try key(of: metric), limit])
  }

  private func key(of metric: String) throws -> Int64 {
    if let key = try Int64.fetchOne(
      database, sql: "SELECT key FROM metric WHERE name = ?", arguments: [metric])
    {
      return key
    }
    let known = try String.fetchAll(database, sql: "SELECT name FROM metric ORDER BY name")
    throw RunFilterError.unknownMetric(metric, column: 0, known: known)
  }

  private func experiments() throws -> [Int64: String] {
    var names: [Int64: String] = [:]
    for row in try Row.fetchAll(
      database, sql: "SELECT key, name FROM experiment ORDER BY plan_number")
    {
      let (experiment, name): (Int64, String) = (row[0], row[1])
      let runs = try Int64.fetchCursor(
        database,
        sql: "SELECT run FROM experiment_run WHERE experiment = ? AND \(isRead("run"))",
        arguments: [experiment])
      while let run = try runs.next() { names[run] = name }
    }
    return names
  }

  private func attemptCounts() throws -> [Int64: Int] {
    var counts: [Int64: Int] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT run, count(*) FROM attempt WHERE \(isRead("run")) GROUP BY run")
    while let row = try rows.next() { counts[row[0]] = row[1] }
    return counts
  }

  private func failures() throws -> [Int64: RunFailure.Kind] {
    var kinds: [Int64: RunFailure.Kind] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT run, failure_kind, max(n) FROM attempt
        WHERE run IN (SELECT key FROM run WHERE state = 'failed') AND \(isRead("run"))
        GROUP BY run
        """)
    while let row = try rows.next() {
      kinds[row[0]] = RunFailure.Kind(rawValue: row[1] ?? "") ?? .crashed
    }
    return kinds
  }

  private func tags() throws -> [Int64: [String]] {
    var tags: [Int64: [String]] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT run, name FROM tag WHERE \(isRead("run")) ORDER BY run, name")
    while let row = try rows.next() { tags[row[0], default: []].append(row[1]) }
    return tags
  }

  /// The runs that are said to be running and whose process is gone.
  private func lost() throws -> Set<Int64> {
    var alive: [ProcessIdentity: Bool] = [:]
    var lost: Set<Int64> = []
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT attempt.*, max(attempt.n) FROM attempt
        WHERE run IN (SELECT key FROM run WHERE state = 'running') AND \(isRead("run"))
        GROUP BY run
        """)
    {
      let process = ProcessIdentity(row: row)
      let lives = alive[process] ?? process.isAlive
      alive[process] = lives
      if !lives { lost.insert(row["run"]) }
    }
    return lost
  }
}
