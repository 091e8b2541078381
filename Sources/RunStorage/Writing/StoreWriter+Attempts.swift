public import Experiments
import Foundation
import GRDB

/// An attempt that the store believes to be running.
public struct OpenAttempt: Hashable, Sendable {
  public var run: RunID
  public var number: Int
  public var process: ProcessIdentity
}

/// Why an attempt ended without telling so itself.
public enum LossCause: String, Hashable, Sendable {
  /// Its process died.
  case crashed
  /// It was told to stop, or its scheduler was gone: nothing speaks against the run.
  case orphaned
}

/// How often in a row a run has crashed without getting further than before.
public struct CrashRecord: Hashable, Sendable {
  public var fruitless = 0
  /// The last step that any attempt reached.
  public var farthestStep = 0

  public init() {}
}

extension StoreWriter {
  /// Begins the next attempt of a run.
  ///
  /// - Parameter last: the number of the newest attempt whose journal lies in the run's folder: a
  ///   store that was lost or restored may know less, and a journal is never written twice.
  /// - Returns: its number, from 1.
  public func begin(
    _ id: RunID, process: ProcessIdentity, after last: Int = 0
  ) throws(StoreError) -> Int {
    try writing { database in
      let key = try runKey(id, database)
      let number =
        try Int.fetchOne(
          database, sql: "SELECT max(coalesce(max(n), 0), ?) + 1 FROM attempt WHERE run = ?",
          arguments: [last, key]) ?? 1
      let now = StoredJSON.now()
      try database.execute(
        sql: """
          INSERT INTO attempt (run, n, pid, process_start, boot_id, host, state, started_at)
          VALUES (?, ?, ?, ?, ?, ?, 'running', ?)
          """,
        arguments: [
          key, number, process.pid, process.startTime, process.bootID, process.host, now,
        ])
      try database.execute(
        sql: """
          UPDATE run SET state = 'running', provenance = CASE
            WHEN coalesce(json_extract(provenance, '$.startedAt'), '') = ''
            THEN json_set(provenance, '$.startedAt', ?2) ELSE provenance END
          WHERE key = ?1
          """, arguments: [key, now])
      return number
    }
  }

  /// Every attempt that has not ended, as far as the store knows.
  public func openAttempts() throws(StoreError) -> [OpenAttempt] {
    try store.reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT run.id AS id, attempt.* FROM attempt JOIN run ON run.key = attempt.run
          WHERE attempt.state = 'running' ORDER BY attempt.run, attempt.n
          """
      ).map { row in
        OpenAttempt(
          run: RunID(rawValue: row["id"]), number: row["n"], process: ProcessIdentity(row: row))
      }
    }
  }

  /// Ends an attempt whose process is gone and queues its run again.
  ///
  /// Nothing happens where the attempt has ended already.
  public func lose(
    _ id: RunID, attempt: Int, cause: LossCause, reason: String
  ) throws(StoreError) {
    try writing { database in
      let key = try runKey(id, database)
      try end(
        key, attempt, state: "lost", database,
        failure: RunFailure(.crashed, reason), kind: cause.rawValue, runState: "queued")
    }
  }

  /// Ends an attempt that cannot report its own failure, and with it the run.
  ///
  /// Nothing happens where the attempt has ended already.
  public func fail(_ id: RunID, attempt: Int, _ failure: RunFailure) throws(StoreError) {
    try writing { database in
      let key = try runKey(id, database)
      try end(
        key, attempt, state: "failed", database, failure: failure, kind: failure.kind.rawValue,
        runState: "failed")
    }
  }

  /// The crashes since the run last got further, or was last ended by itself.
  public func crashRecord(_ id: RunID) throws(StoreError) -> CrashRecord {
    try store.reading { database in
      var record = CrashRecord()
      for row in try Row.fetchAll(
        database,
        sql: "SELECT state, failure_kind, last_step FROM attempt WHERE run = ? ORDER BY n",
        arguments: [try runKey(id, database)])
      {
        let state: String = row[0]
        let kind: String? = row[1]
        let lastStep: Int = row[2]
        let crashed = state == "lost" && kind == LossCause.crashed.rawValue
        if lastStep > record.farthestStep || state == "failed" { record.fruitless = 0 }
        if crashed, lastStep <= record.farthestStep { record.fruitless += 1 }
        record.farthestStep = max(record.farthestStep, lastStep)
      }
      return record
    }
  }

  func end(
    _ key: Int64, _ attempt: Int, state: String, _ database: Database,
    failure: RunFailure? = nil, kind: String? = nil, runState: String
  ) throws {
    let now = StoredJSON.now()
    try database.execute(
      sql: """
        UPDATE attempt SET state = ?3, failure_kind = ?4, reason = ?5, failed_step = ?6,
          finished_at = ?7
        WHERE run = ?1 AND n = ?2 AND state = 'running'
        """,
      arguments: [key, attempt, state, kind, failure?.message, failure?.step, now])
    guard database.changesCount > 0 else { return }
    try database.execute(
      sql: """
        UPDATE run SET state = ?2, provenance = json_set(provenance, '$.finishedAt', ?3)
        WHERE key = ?1
        """,
      arguments: [key, runState, runState == "queued" ? "" : now])
  }
}
