import Foundation
import GRDB

/// Thins one metric of runs to columns of equal stretches of steps, one beside the other.
struct HistoryReading {
  let database: Database
  let metric: Int64
  let pixels: Int

  private let first: Double
  /// Columns a step.
  private let scale: Double

  /// - Parameter steps: what all columns together stand for.
  init(database: Database, metric: Int64, pixels: Int, steps: ClosedRange<Int>) {
    self.database = database
    self.metric = metric
    self.pixels = pixels
    first = Double(steps.lowerBound)
    scale = Double(pixels) / (Double(steps.upperBound) - first + 1)
  }

  /// The column that a step falls into, from 0.
  func pixel(of step: Int) -> Int {
    Swift.min(pixels - 1, Int((Double(step) - first) * scale))
  }

  /// The first and the last step of a metric of a run; `nil` where it has no points.
  static func steps(
    _ database: Database, run: Int64, metric: Int64
  ) throws -> (range: ClosedRange<Int>, count: Int)? {
    guard
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT coalesce(
              (SELECT first_step FROM metric_chunk WHERE run = ?1 AND metric = ?2
                ORDER BY last_step LIMIT 1),
              (SELECT min(step) FROM metric_tail WHERE run = ?1 AND metric = ?2)),
              last_step, count
            FROM metric_summary WHERE run = ?1 AND metric = ?2
            """), arguments: [run, metric]),
      let first: Int = row[0]
    else { return nil }
    let last: Int = row[1]
    return (first...Swift.max(first, last), row[2])
  }

  /// The columns of a run of `count` points: of few points, one each.
  func columns(run: Int64, count: Int) throws -> [HistoryColumn] {
    var columns: [HistoryColumn] = []
    columns.reserveCapacity(Swift.min(count, pixels))
    var current = -1
    func add(_ next: HistoryColumn) {
      let pixel = count <= pixels ? columns.count : pixel(of: next.firstStep)
      if pixel == current {
        columns[columns.count - 1].add(next)
      } else {
        columns.append(next)
        current = pixel
      }
    }
    let table = PointTable(database: database, run: run, metric: metric)
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT key, first_step, last_step, count, overview FROM metric_chunk
          WHERE run = ? AND metric = ? ORDER BY last_step
          """), arguments: [run, metric])
    while let row = try rows.next() {
      if count > pixels, let blocks = overview(row) {
        for block in blocks { add(block) }
      } else {
        let chunk = try table.chunk(row[0])
        for (step, value) in zip(chunk.steps, chunk.values) {
          add(HistoryColumn(step: step, value: value))
        }
      }
    }
    let tail = try table.tail()
    for (step, value) in zip(tail.steps, tail.values) {
      add(HistoryColumn(step: step, value: value))
    }
    return columns
  }

  /// The blocks of a chunk, where they are no wider than a column; `nil`: the points are needed.
  private func overview(_ row: Row) -> [HistoryColumn]? {
    let (first, last, count): (Int, Int, Int) = (row[1], row[2], row[3])
    let blocks = Double((count + ChunkOverview.blockLength - 1) / ChunkOverview.blockLength)
    guard (Double(last) - Double(first) + 1) * scale <= blocks, let data: Data = row[4] else {
      return nil
    }
    return ChunkOverview(data: data, firstStep: first, lastStep: last, count: count)?.blocks
  }
}
