import Foundation
import GRDB

extension StoreCheck {
  /// Decodes every chunk of points, and compares counts.
  mutating func lookAtPoints(_ database: Database) throws {
    let chunks = try Row.fetchCursor(
      database,
      sql: """
        SELECT metric_chunk.key, run.id, metric.name, metric_chunk.count, metric_chunk.data
        FROM metric_chunk JOIN run ON run.key = metric_chunk.run
        JOIN metric ON metric.key = metric_chunk.metric
        """)
    while let row = try chunks.next() {
      let (key, id, metric, count): (Int64, String, String, Int) = (row[0], row[1], row[2], row[3])
      let data: Data = row[4]
      let place = "chunk \(key) of \(metric) of run \(id.prefix(12))"
      guard let chunk = PointChunk(data: data) else {
        add(fault: "\(place) holds no points that can be read")
        continue
      }
      if chunk.steps.count != count {
        add(fault: "\(place) holds \(chunk.steps.count) points where \(count) are counted")
      }
    }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT run.id, metric.name, metric_summary.count,
          (SELECT coalesce(sum(count), 0) FROM metric_chunk
            WHERE metric_chunk.run = run.key AND metric_chunk.metric = metric.key)
          + (SELECT count(*) FROM metric_tail
            WHERE metric_tail.run = run.key AND metric_tail.metric = metric.key) AS held
        FROM metric_summary JOIN run ON run.key = metric_summary.run
        JOIN metric ON metric.key = metric_summary.metric
        WHERE metric_summary.count != held
        """)
    {
      let (id, metric, count, held): (String, String, Int, Int) = (row[0], row[1], row[2], row[3])
      add(
        fault: "\(metric) of run \(id.prefix(12)) has \(held) points where its summary counts "
          + "\(count)")
    }
  }
}
