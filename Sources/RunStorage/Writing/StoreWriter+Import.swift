import Experiments
import Foundation
import GRDB

/// Takes the points of a run that is being imported: any number, in any order.
public struct PointIntake {
  /// The steps that points may have: any two are no farther apart than a chunk can tell.
  public static let steps = -(1 << 61)...(1 << 61)
  /// Points that are gathered before they are written.
  private static let capacity = 1 << 16

  private let database: Database
  private let run: Int64
  private var waiting: [String: PointChunk] = [:]
  private var count = 0
  /// The farthest step so far; 0 where there is none.
  public private(set) var lastStep = 0

  init(database: Database, run: Int64) {
    self.database = database
    self.run = run
  }

  /// One more point; of several for one step of a metric, the last counts.
  ///
  /// - Precondition: its step is one of `steps`.
  public mutating func add(_ metric: String, step: Int, value: Double) throws {
    waiting[metric, default: PointChunk(steps: [], values: [])].append(step, value)
    lastStep = max(lastStep, step)
    count += 1
    if count >= Self.capacity { try write() }
  }

  mutating func write() throws {
    for (name, points) in waiting.sorted(by: { $0.key < $1.key }) {
      try database.cachedStatement(sql: "INSERT OR IGNORE INTO metric (name) VALUES (?)")
        .execute(arguments: [name])
      let metric = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM metric WHERE name = ?"), arguments: [name])
      guard let metric else { continue }
      try PointTable(database: database, run: run, metric: metric).add(Self.rising(points))
    }
    waiting = [:]
    count = 0
  }

  /// Closes what is written: nothing more is expected.
  mutating func close() throws {
    try write()
    let metrics = try Int64.fetchAll(
      database, sql: "SELECT metric FROM metric_summary WHERE run = ?", arguments: [run])
    for metric in metrics {
      try PointTable(database: database, run: run, metric: metric).close()
    }
  }

  private static func rising(_ points: PointChunk) -> PointChunk {
    if zip(points.steps, points.steps.dropFirst()).allSatisfy({ $0 < $1 }) { return points }
    let newest = Dictionary(zip(points.steps, points.values)) { $1 }
    let sorted = newest.sorted { $0.key < $1.key }
    return PointChunk(steps: sorted.map(\.key), values: sorted.map(\.value))
  }
}

extension StoreWriter {
  /// Takes over a run of another tracker in one transaction: wholly or not at all.
  ///
  /// A run that is there in the same version is left alone, and `body` is not called; a newer one
  /// replaces points and results, and remarks and tags of people here stay.
  ///
  /// - Parameter body: hands the run's points over, and returns what else there is of it.
  /// - Throws: `StoreError`, and whatever `body` throws.
  public func importRun(
    _ origin: RunOrigin, _ body: (inout PointIntake) throws -> ImportedRun
  ) throws -> ImportOutcome {
    do {
      return try pool.write { database in try take(origin, body, database) }
    } catch let error as DatabaseError {
      throw StoreError(error, path: StoreOpening.path(home: store.home))
    }
  }

  private func take(
    _ origin: RunOrigin, _ body: (inout PointIntake) throws -> ImportedRun, _ database: Database
  ) throws -> ImportOutcome {
    let known = try Row.fetchOne(
      database,
      sql: "SELECT run.key, version FROM run LEFT JOIN origin ON run = run.key WHERE id = ?",
      arguments: [origin.id.rawValue])
    // A run of our own that has come back is not overwritten by its copy.
    if let known, (known[1] as String?).map({ $0 == origin.version }) ?? true { return .known }
    let key: Int64
    if let known {
      key = known[0]
      for table in ["metric_chunk", "metric_tail", "metric_summary", "run_summary", "attempt"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [key])
      }
    } else {
      try database.execute(
        sql: """
          INSERT INTO run (id, backbone, dataset, method, seed, spec, state, provenance)
          VALUES (?, '', '', '', 0, '{}', 'cancelled', '{}')
          """, arguments: [origin.id.rawValue])
      key = database.lastInsertedRowID
      try enter(key, into: origin, database)
    }
    var intake = PointIntake(database: database, run: key)
    let run = try body(&intake)
    try intake.close()
    try record(run, key, lastStep: intake.lastStep, database)
    try database.execute(
      sql: "INSERT OR REPLACE INTO origin (run, tracker, version, imported_at) VALUES (?, ?, ?, ?)",
      arguments: [key, origin.tracker, origin.version, StoredJSON.now()])
    return known == nil ? .added : .renewed
  }

  private func record(
    _ run: ImportedRun, _ key: Int64, lastStep: Int, _ database: Database
  ) throws {
    precondition([.succeeded, .failed, .cancelled].contains(run.state), "\(run.state) is no end")
    try database.execute(
      sql: """
        UPDATE run SET backbone = ?2, dataset = ?3, method = ?4, seed = ?5, spec = ?6, state = ?7,
          provenance = ?8, trainable = ?9, total = ?9, configuration = ?10 WHERE key = ?1
        """,
      arguments: [
        key, run.spec.field("backbone")?.plainText, run.spec.field("dataset")?.plainText,
        run.spec.method.name, run.spec.seed, try StoredJSON.text(run.spec), run.state.rawValue,
        try StoredJSON.text(run.provenance), run.trainable,
        try StoreSchema.configurationKey(run.spec.configurationDescription(), database),
      ])
    if let summary = run.summary {
      try database.execute(
        sql: """
          INSERT INTO run_summary (run, scores, best_step, seconds, peak_bytes)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          key, try StoredJSON.text(summary.scores), summary.bestStep, summary.seconds,
          summary.peakBytes,
        ])
    }
    if let failure = run.failure {
      try database.execute(
        sql: """
          INSERT INTO attempt (run, n, pid, process_start, boot_id, host, state, failure_kind,
            reason, started_at, finished_at, last_step)
          VALUES (?, 1, 0, 0, '', '', 'failed', ?, ?, ?, ?, ?)
          """,
        arguments: [
          key, failure.kind.rawValue, failure.message, run.provenance.startedAt,
          run.provenance.finishedAt, lastStep,
        ])
    }
    for tag in run.tags {
      try database.execute(
        sql: "INSERT OR IGNORE INTO tag (run, name) VALUES (?, ?)", arguments: [key, tag])
    }
    for note in run.notes {
      try database.execute(
        sql: """
          INSERT INTO note (id, run, text, created_at) SELECT ?1, ?2, ?3, ?4
          WHERE NOT EXISTS (SELECT 1 FROM note WHERE run = ?2 AND text = ?3)
          """, arguments: [UUID().uuidString, key, note, StoredJSON.now()])
    }
  }
}
