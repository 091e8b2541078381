public import Experiments
import GRDB

/// Every point of one metric of a run, in step order, as two columns.
public struct MetricSeries: Hashable, Sendable {
  /// `train/loss`, `validation/accuracy`, …
  public var name: String
  /// Rising strictly.
  public var steps: [Int]
  /// One a step; may hold NaN and infinities.
  public var values: [Double]

  public init(name: String, steps: [Int] = [], values: [Double] = []) {
    self.name = name
    self.steps = steps
    self.values = values
  }
}

extension RunStore {
  /// Hands over the metrics of a run, sorted by name, one after another: no two are in memory at
  /// a time.
  public func forEachSeries(
    of id: RunID, _ body: (MetricSeries) throws -> Void
  ) throws {
    let metrics = try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT run.key, metric.key, metric.name FROM run
          JOIN metric_summary ON metric_summary.run = run.key
          JOIN metric ON metric.key = metric_summary.metric
          WHERE run.id = ? ORDER BY metric.name
          """, arguments: [id.rawValue]
      ).map { (run: $0[0] as Int64, metric: $0[1] as Int64, name: $0[2] as String) }
    }
    for (run, metric, name) in metrics {
      let points = try reading { database in
        try PointTable(database: database, run: run, metric: metric).points()
      }
      try body(MetricSeries(name: name, steps: points.steps, values: points.values))
    }
  }
}
