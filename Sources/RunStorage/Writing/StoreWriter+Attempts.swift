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
  /// The last step that an attempt stopped at by itself: with a checkpoint, and with all points.
  public var stoppedStep = 0

  public init() {}
}

extension StoreWriter {
  /// Begins the next attempt of a run.
  ///
  /// - Parameter last: the number of the newest attempt whose journal lies in the run's folder: a
  ///   store that was lost or restored may know less, and a journal is never written twice.
  /// - Parameter partRows: the encoder rows that a part of a step is to have at the most; `nil`: as
  ///   usual.
  /// - Returns: its number, from 1. Attempts before it can end nothing any more.
  public func begin(
    _ id: RunID, process: ProcessIdentity, after last: Int = 0, partRows: Int? = nil
  ) throws(StoreError) -> Int {
    try writing { database in
      let key = try runKey(id, database)
      let number =
        try Int.fetchOne(
          database, sql: "SELECT max(coalesce(max(n), 0), ?) + 1 FROM attempt WHERE run = ?",
          arguments: [last, key]) ?? 1
      let now = now
      try database.cachedStatement(
        sql: """
          UPDATE attempt SET state = 'lost', failure_kind = 'orphaned',
            reason = 'a newer attempt began', finished_at = max(started_at, ?2)
          WHERE run = ?1 AND state = 'running'
          """
      ).execute(arguments: [key, now])
      try database.cachedStatement(
        sql: """
          INSERT INTO attempt
            (run, n, pid, process_start, boot_id, host, state, started_at, part_rows)
          VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?)
          """
      ).execute(
        arguments: [
          key, number, process.pid, process.startTime, process.bootID, process.host, now, partRows,
        ])
      try database.cachedStatement(
        sql: """
          UPDATE run SET state = 'running', pruned_step = NULL, provenance = CASE
            WHEN coalesce(json_extract(provenance, '$.startedAt'), '') = ''
            THEN json_set(provenance, '$.startedAt', ?2) ELSE provenance END
          WHERE key = ?1
          """
      ).execute(arguments: [key, now])
      return number
    }
  }

  /// Takes in an attempt that the store does not know and whose journal is there: the store was
  /// lost or restored, or a loss of power took its newest transactions.
  ///
  /// - Parameter number: above those of all attempts that it knows.
  public func adopt(_ id: RunID, attempt number: Int, journal: String) throws(StoreError) {
    // A process that never was: whoever had the attempt is gone.
    let nobody = ProcessIdentity(pid: 0, startTime: 0, bootID: "", host: "")
    _ = try begin(id, process: nobody, after: number - 1)
    do {
      _ = try fold(id, attempt: number, journal: journal)
    } catch .journal(let detail) {
      try lose(id, attempt: number, cause: .orphaned, reason: detail)
    }
    try lose(id, attempt: number, cause: .orphaned, reason: "the store had lost the attempt")
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

  /// What an attempt carries out, and the encoder rows that it was to have in a part of a step.
  public func order(
    of attempt: OpenAttempt
  ) throws(StoreError) -> (spec: RunSpec, partRows: Int?) {
    try store.reading { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT spec, part_rows FROM attempt JOIN run ON run.key = attempt.run
          WHERE run.id = ? AND attempt.n = ?
          """, arguments: [attempt.run.rawValue, attempt.number])
      guard let row else { throw StoreError.unknownRun(text: attempt.run.short) }
      return (try StoredJSON.value(RunSpec.self, row[0]), row[1])
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
        if state == "stopped" { record.stoppedStep = max(record.stoppedStep, lastStep) }
      }
      return record
    }
  }

  /// Says more about why the newest attempt of a run failed.
  public func explain(_ id: RunID, attempt: Int, _ failure: RunFailure) throws(StoreError) {
    try writing { database in
      try database.execute(
        sql: "UPDATE attempt SET reason = ?3 WHERE run = ?1 AND n = ?2 AND state = 'failed'",
        arguments: [try runKey(id, database), attempt, failure.message])
    }
  }

  /// Ends an attempt that is running, and, if it is the run's newest, the run with it.
  ///
  /// It ends no earlier than it began, whatever the clock says.
  func end(
    _ key: Int64, _ attempt: Int, state: String, _ database: Database,
    failure: RunFailure? = nil, kind: String? = nil, runState: String
  ) throws {
    let now = now
    try database.cachedStatement(
      sql: """
        UPDATE attempt SET state = ?3, failure_kind = ?4, reason = ?5, failed_step = ?6,
          finished_at = max(started_at, ?7)
        WHERE run = ?1 AND n = ?2 AND state = 'running'
        """
    ).execute(arguments: [key, attempt, state, kind, failure?.message, failure?.step, now])
    guard database.changesCount > 0 else { return }
    try database.cachedStatement(
      sql: """
        UPDATE run SET state = ?3, provenance = json_set(provenance, '$.finishedAt',
          CASE ?3 WHEN 'queued' THEN ''
            ELSE (SELECT finished_at FROM attempt WHERE run = ?1 AND n = ?2) END)
        WHERE key = ?1 AND ?2 = (SELECT max(n) FROM attempt WHERE run = ?1)
        """
    ).execute(arguments: [key, attempt, runState])
  }
}
