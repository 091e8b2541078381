public import Experiments
import Foundation
import GRDB

/// What one look into a journal brought.
public struct FoldedEvents: Sendable {
  /// New events, in their order; of very many points at once, only the newest of each metric.
  public var events: [RunEvent] = []
  /// The last step the attempt has reached so far.
  public var lastStep = 0
  /// How the attempt ended, once it has.
  public var ending: RunEvent?
}

extension StoreWriter {
  /// The most points that one look hands on: a journal may have waited for long.
  private static let longestReport = 1 << 14

  /// Takes what a journal has gained since the last time into the store.
  ///
  /// The byte offset moves in the same transaction as the events it stands for, so folding twice,
  /// or after a crash at any moment, changes nothing. A point for a step that is there already
  /// replaces it: an attempt that resumes from a checkpoint repeats steps. Nothing of an attempt
  /// that is not the newest is taken.
  ///
  /// - Parameter isFinal: whether a failure ends the run; otherwise it is queued again.
  public func fold(
    _ id: RunID, attempt: Int, journal path: String,
    isFinal: (RunFailure) -> Bool = { _ in true }
  ) throws(StoreError) -> FoldedEvents {
    var folded = FoldedEvents()
    while true {
      let more = try writing { database -> Bool in
        let key = try runKey(id, database)
        guard
          let row = try Row.fetchOne(
            database.cachedStatement(
              sql: """
                SELECT journal_offset, last_step FROM attempt
                WHERE run = ?1 AND n = ?2 AND state = 'running'
                  AND n = (SELECT max(n) FROM attempt WHERE run = ?1)
                """), arguments: [key, attempt])
        else { return false }
        folded.lastStep = row[1]
        var reader = JournalReader(path: path, from: row[0])
        let block = try reader.nextBlock()
        guard block.count > 0 else { return false }
        try apply(block, to: key, attempt, &folded, database, isFinal)
        try database.cachedStatement(
          sql: "UPDATE attempt SET journal_offset = ?3, last_step = ?4 WHERE run = ?1 AND n = ?2"
        ).execute(arguments: [key, attempt, reader.offset, folded.lastStep])
        report(block, &folded)
        return folded.ending == nil && !block.isLast
      }
      if !more { return folded }
    }
  }

  private func report(_ block: JournalBlock, _ folded: inout FoldedEvents) {
    if folded.events.count + block.count <= Self.longestReport {
      folded.events += block.events
      return
    }
    for curve in block.curves {
      guard let step = curve.steps.last, let value = curve.values.last else { continue }
      folded.events.append(.metric(MetricPoint(step: step, name: curve.name, value: value)))
    }
    folded.events += block.others
  }

  private func apply(
    _ block: JournalBlock, to key: Int64, _ attempt: Int, _ folded: inout FoldedEvents,
    _ database: Database, _ isFinal: (RunFailure) -> Bool
  ) throws {
    for event in block.others {
      switch event {
      case .started(let start):
        try database.execute(
          sql: "UPDATE run SET trainable = ?2, total = ?3 WHERE key = ?1",
          arguments: [key, start.trainable, start.total])
        try database.execute(
          sql: "UPDATE attempt SET resumed_from = ?3 WHERE run = ?1 AND n = ?2",
          arguments: [key, attempt, start.resumedFrom])
      case .metric: break
      case .checkpoint(let step):
        folded.lastStep = max(folded.lastStep, step)
      case .succeeded, .failed, .stopped, .paused:
        folded.ending = event
      }
    }
    for curve in block.curves.sorted(by: { $0.name < $1.name }) {
      let metric = try metricKey(curve.name, database)
      let points = PointChunk(steps: curve.steps, values: curve.values).ordered
      folded.lastStep = max(folded.lastStep, points.steps.last ?? 0)
      try PointTable(database: database, run: key, metric: metric).add(points)
    }
    if let ending = folded.ending { try finish(ending, key, attempt, database, isFinal) }
  }

  private func finish(
    _ ending: RunEvent, _ key: Int64, _ attempt: Int, _ database: Database,
    _ isFinal: (RunFailure) -> Bool
  ) throws {
    switch ending {
    case .succeeded(let summary):
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO run_summary
            (run, scores, best_step, seconds, peak_bytes, training_seconds)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          key, try StoredJSON.text(summary.scores), summary.bestStep, summary.seconds,
          summary.peakBytes, summary.trainingSeconds,
        ])
      for metric in try Int64.fetchAll(
        database, sql: "SELECT metric FROM metric_summary WHERE run = ?", arguments: [key])
      {
        try PointTable(database: database, run: key, metric: metric).close()
      }
      try end(key, attempt, state: "succeeded", database, runState: "succeeded")
    case .failed(let failure):
      try end(
        key, attempt, state: "failed", database, failure: failure, kind: failure.kind.rawValue,
        runState: isFinal(failure) ? "failed" : "queued")
    case .stopped, .paused:
      try end(key, attempt, state: "stopped", database, runState: "queued")
    case .started, .metric, .checkpoint:
      break
    }
  }

  private func metricKey(_ name: String, _ database: Database) throws -> Int64 {
    let find = try database.cachedStatement(sql: "SELECT key FROM metric WHERE name = ?")
    if let key = try Int64.fetchOne(find, arguments: [name]) { return key }
    try database.execute(sql: "INSERT INTO metric (name) VALUES (?)", arguments: [name])
    return database.lastInsertedRowID
  }
}

extension PointChunk {
  /// The same points with rising steps; of several for one step, the last counts.
  fileprivate var ordered: PointChunk {
    if zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) { return self }
    var newest: [Int: Double] = [:]
    for (step, value) in zip(steps, values) { newest[step] = value }
    let sorted = newest.sorted { $0.key < $1.key }
    return PointChunk(steps: sorted.map(\.key), values: sorted.map(\.value))
  }
}
