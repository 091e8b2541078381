import Foundation
import GRDB

/// One metric of one run in the store: closed chunks, a tail of rows, and a summary of both.
///
/// Steps are unique: a point for a step that is there already replaces it.
struct PointTable {
  let database: Database
  let run: Int64
  let metric: Int64

  /// All points in step order.
  func points() throws -> PointChunk {
    var all = PointChunk(steps: [], values: [])
    for row in try Row.fetchAll(
      database,
      sql: "SELECT data FROM metric_chunk WHERE run = ? AND metric = ? ORDER BY last_step",
      arguments: [run, metric])
    {
      let chunk = try decode(row)
      all.steps += chunk.steps
      all.values += chunk.values
    }
    let tail = try tail()
    all.steps += tail.steps
    all.values += tail.values
    return all
  }

  /// Adds points whose steps rise strictly.
  func add(_ new: PointChunk) throws {
    guard let first = new.steps.first else { return }
    var summary = try summary()
    if summary.count == 0 || first > summary.lastStep {
      let waiting = summary.count == 0 ? 0 : try tailCount()
      if waiting + new.steps.count < PointChunk.capacity {
        try insertTail(new)
      } else {
        var all = waiting == 0 ? PointChunk(steps: [], values: []) : try takeTail()
        all.steps += new.steps
        all.values += new.values
        try write(all, closing: false)
      }
      summary.append(PointStatistics(new))
    } else {
      let old = try take(from: first)
      try write(merge(old, new), closing: false)
      summary = try recount()
    }
    try store(summary)
  }

  /// Closes the tail, however short: nothing more is expected.
  func close() throws {
    try write(try takeTail(), closing: true)
  }

  private func write(_ points: PointChunk, closing: Bool) throws {
    var start = 0
    while points.steps.count - start >= PointChunk.capacity {
      try insert(chunk: slice(points, start, start + PointChunk.capacity))
      start += PointChunk.capacity
    }
    let rest = slice(points, start, points.steps.count)
    guard !rest.steps.isEmpty else { return }
    if closing { try insert(chunk: rest) } else { try insertTail(rest) }
  }

  private func slice(_ points: PointChunk, _ start: Int, _ end: Int) -> PointChunk {
    PointChunk(steps: Array(points.steps[start..<end]), values: Array(points.values[start..<end]))
  }

  private func insert(chunk: PointChunk) throws {
    let statistics = PointStatistics(chunk)
    try database.cachedStatement(
      sql: """
        INSERT INTO metric_chunk
          (run, metric, first_step, last_step, count, min, max, last, data)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run, metric, chunk.steps.first, statistics.lastStep, statistics.count, statistics.min,
      statistics.max, statistics.last, chunk.data,
    ])
  }

  private func insertTail(_ points: PointChunk) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO metric_tail (run, metric, step, value) VALUES (?, ?, ?, ?)")
    for (step, value) in zip(points.steps, points.values) {
      try statement.execute(arguments: [run, metric, step, value])
    }
  }

  private func tailCount() throws -> Int {
    try Int.fetchOne(
      database.cachedStatement(
        sql: "SELECT count(*) FROM metric_tail WHERE run = ? AND metric = ?"),
      arguments: [run, metric]) ?? 0
  }

  private func tail() throws -> PointChunk {
    var points = PointChunk(steps: [], values: [])
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT step, value FROM metric_tail WHERE run = ? AND metric = ? ORDER BY step"),
      arguments: [run, metric])
    while let row = try rows.next() {
      points.steps.append(row[0])
      points.values.append((row[1] as Double?) ?? .nan)
    }
    return points
  }

  private func takeTail() throws -> PointChunk {
    let points = try tail()
    try database.cachedStatement(sql: "DELETE FROM metric_tail WHERE run = ? AND metric = ?")
      .execute(arguments: [run, metric])
    return points
  }

  /// Removes and returns the tail and every chunk that reaches `step`.
  private func take(from step: Int) throws -> PointChunk {
    var points = PointChunk(steps: [], values: [])
    let condition = "FROM metric_chunk WHERE run = ? AND metric = ? AND last_step >= ?"
    for row in try Row.fetchAll(
      database, sql: "SELECT data \(condition) ORDER BY last_step", arguments: [run, metric, step])
    {
      let chunk = try decode(row)
      points.steps += chunk.steps
      points.values += chunk.values
    }
    try database.execute(sql: "DELETE \(condition)", arguments: [run, metric, step])
    let tail = try takeTail()
    points.steps += tail.steps
    points.values += tail.values
    return points
  }

  /// Both in step order; where a step is in both, the new value counts.
  private func merge(_ old: PointChunk, _ new: PointChunk) -> PointChunk {
    var merged = PointChunk(steps: [], values: [])
    var a = 0
    var b = 0
    while a < old.steps.count || b < new.steps.count {
      let takesOld =
        b == new.steps.count || (a < old.steps.count && old.steps[a] < new.steps[b])
      if takesOld {
        merged.steps.append(old.steps[a])
        merged.values.append(old.values[a])
        a += 1
      } else {
        if a < old.steps.count, old.steps[a] == new.steps[b] { a += 1 }
        merged.steps.append(new.steps[b])
        merged.values.append(new.values[b])
        b += 1
      }
    }
    return merged
  }

  private func summary() throws -> PointStatistics {
    var statistics = PointStatistics()
    let row = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT count, last_step, last, min, max FROM metric_summary
          WHERE run = ? AND metric = ?
          """), arguments: [run, metric])
    if let row {
      statistics.count = row[0]
      statistics.lastStep = row[1]
      statistics.last = row[2]
      statistics.min = row[3]
      statistics.max = row[4]
    }
    return statistics
  }

  private func recount() throws -> PointStatistics {
    var statistics = PointStatistics()
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT count, last_step, last, min, max FROM metric_chunk
        WHERE run = ? AND metric = ? ORDER BY last_step
        """, arguments: [run, metric])
    {
      var chunk = PointStatistics()
      chunk.count = row[0]
      chunk.lastStep = row[1]
      chunk.last = row[2]
      chunk.min = row[3]
      chunk.max = row[4]
      statistics.append(chunk)
    }
    statistics.append(PointStatistics(try tail()))
    return statistics
  }

  private func store(_ summary: PointStatistics) throws {
    try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO metric_summary (run, metric, count, last_step, last, min, max)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run, metric, summary.count, summary.lastStep, summary.last, summary.min, summary.max,
    ])
  }

  private func decode(_ row: Row) throws -> PointChunk {
    guard let chunk = PointChunk(data: row[0]) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "a chunk of points of run \(run) cannot be read")
    }
    return chunk
  }
}
