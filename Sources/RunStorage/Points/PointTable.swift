import Foundation
import GRDB

/// One metric of one run in the store: closed chunks, a tail of rows, and a summary of both.
///
/// Steps are unique: a point for a step that is there already replaces it.
struct PointTable {
  let database: Database
  let run: Int64
  let metric: Int64

  /// The most points that wait in rows for the next chunk, less one.
  private static let tailCapacity = 256

  /// All points in step order.
  func points() throws -> PointChunk {
    var all = PointChunk.empty
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT data FROM metric_chunk WHERE run = ? AND metric = ? ORDER BY last_step"),
      arguments: [run, metric])
    while let row = try rows.next() { all.append(try decode(row[0])) }
    all.append(try tail())
    return all
  }

  /// The points of the chunk with this row number.
  func chunk(_ key: Int64) throws -> PointChunk {
    try decode(
      Data.fetchOne(
        database.cachedStatement(sql: "SELECT data FROM metric_chunk WHERE key = ?"),
        arguments: [key]) ?? Data())
  }

  /// Adds points whose steps rise strictly.
  func add(_ new: PointChunk) throws {
    guard let first = new.steps.first else { return }
    var summary = try summary()
    if summary.count == 0 || first > summary.lastStep {
      let waiting = summary.count == 0 ? 0 : try tailCount()
      if waiting + new.steps.count < Self.tailCapacity {
        try insertTail(new)
      } else {
        var all = waiting == 0 ? PointChunk.empty : try takeTail()
        all.append(new)
        // A chunk is rewritten only by as many points as it has, so that each point is written a
        // few times at most, however they come.
        try write(try takeShortChunks(before: all) { $0 <= $1 }, closing: false)
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
    let tail = try takeTail()
    try write(try takeShortChunks(before: tail) { _, _ in true }, closing: true)
  }

  private func write(_ points: PointChunk, closing: Bool) throws {
    var start = 0
    while points.steps.count - start >= PointChunk.capacity {
      try insert(chunk: points[start..<start + PointChunk.capacity])
      start += PointChunk.capacity
    }
    let rest = start == 0 ? points : points[start..<points.steps.count]
    guard !rest.steps.isEmpty else { return }
    if closing || rest.steps.count >= Self.tailCapacity {
      try insert(chunk: rest)
    } else {
      try insertTail(rest)
    }
  }

  private func insert(chunk: PointChunk) throws {
    let statistics = PointStatistics(chunk)
    let overview = ChunkOverview(chunk).data(isEven: chunk.stride != nil)
    try database.cachedStatement(
      sql: """
        INSERT INTO metric_chunk
          (run, metric, first_step, last_step, count, min, max, last, overview, data)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run, metric, chunk.steps.first, statistics.lastStep, statistics.count, statistics.min,
      statistics.max, statistics.last, overview, chunk.data,
    ])
  }

  /// Removes the chunks at the end that are not full, as long as `isTaken` says so of the points of
  /// one and of all after it, and returns their points with `next` behind them.
  private func takeShortChunks(
    before next: PointChunk, _ isTaken: (Int, Int) -> Bool
  ) throws -> PointChunk {
    var taken: [PointChunk] = []
    var count = 0
    while count < PointChunk.capacity,
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT key, count FROM metric_chunk WHERE run = ? AND metric = ?
            ORDER BY last_step DESC LIMIT 1
            """), arguments: [run, metric])
    {
      let (key, length): (Int64, Int) = (row[0], row[1])
      guard length < PointChunk.capacity, isTaken(length, count + next.steps.count) else { break }
      taken.append(try chunk(key))
      try database.cachedStatement(sql: "DELETE FROM metric_chunk WHERE key = ?")
        .execute(arguments: [key])
      count += length
    }
    guard !taken.isEmpty else { return next }
    var all = PointChunk.empty
    for chunk in taken.reversed() { all.append(chunk) }
    all.append(next)
    return all
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

  /// The points that no chunk has yet.
  func tail() throws -> PointChunk {
    var points = PointChunk.empty
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT step, value FROM metric_tail WHERE run = ? AND metric = ? ORDER BY step"),
      arguments: [run, metric])
    while let row = try rows.next() {
      points.append(row[0], (row[1] as Double?) ?? .nan)
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
    var points = PointChunk.empty
    let condition = "FROM metric_chunk WHERE run = ? AND metric = ? AND last_step >= ?"
    for row in try Row.fetchAll(
      database, sql: "SELECT data \(condition) ORDER BY last_step", arguments: [run, metric, step])
    {
      points.append(try decode(row[0]))
    }
    try database.execute(sql: "DELETE \(condition)", arguments: [run, metric, step])
    points.append(try takeTail())
    return points
  }

  /// Both in step order; where a step is in both, the new value counts.
  private func merge(_ old: PointChunk, _ new: PointChunk) -> PointChunk {
    var merged = PointChunk.empty
    var a = 0
    var b = 0
    while a < old.steps.count || b < new.steps.count {
      let takesOld =
        b == new.steps.count || (a < old.steps.count && old.steps[a] < new.steps[b])
      if takesOld {
        merged.append(old.steps[a], old.values[a])
        a += 1
      } else {
        if a < old.steps.count, old.steps[a] == new.steps[b] { a += 1 }
        merged.append(new.steps[b], new.values[b])
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

  private func decode(_ data: Data) throws -> PointChunk {
    guard let chunk = PointChunk(data: data) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "a chunk of points of run \(run) cannot be read")
    }
    return chunk
  }
}
