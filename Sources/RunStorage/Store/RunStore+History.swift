public import Experiments
import GRDB

/// One metric of one run, thinned for a picture.
public struct MetricHistory: Hashable, Sendable {
  public var run: RunID
  public var metric: String
  /// How many points there are in all.
  public var points: Int
  /// From left to right: each stands for points that follow each other, and none is left out.
  public var columns: [HistoryColumn]
}

extension RunStore {
  /// A metric of runs in at most `pixels` columns each, in the order of `runs`.
  ///
  /// Columns stand for equal stretches of the steps of all these runs, so that curves can be drawn
  /// over each other; a run with no more points than pixels has a column a point. Smallest,
  /// largest and last values are exact, of the points that a column counts: where a column has 64
  /// steps or more, whole blocks of up to 64 points belong to the column that they begin in.
  /// A run without the metric has no columns.
  ///
  /// - Throws: `unknownRun` for an identity that the store does not have.
  public func history(
    of runs: [RunID], metric name: String, pixels: Int
  ) throws(StoreError) -> [MetricHistory] {
    try reading { database in
      var histories = runs.map { MetricHistory(run: $0, metric: name, points: 0, columns: []) }
      let keys = try runs.map { try runKey($0, database) }
      guard pixels > 0,
        let metric = try Int64.fetchOne(
          database, sql: "SELECT key FROM metric WHERE name = ?", arguments: [name])
      else { return histories }
      var range: ClosedRange<Int>?
      for (index, key) in keys.enumerated() {
        guard let own = try HistoryReading.steps(database, run: key, metric: metric) else {
          continue
        }
        histories[index].points = own.count
        let all = range ?? own.range
        range =
          min(all.lowerBound, own.range.lowerBound)...max(all.upperBound, own.range.upperBound)
      }
      guard let range else { return histories }
      let reading = HistoryReading(
        database: database, metric: metric, pixels: pixels, steps: range)
      for (index, key) in keys.enumerated() where histories[index].points > 0 {
        histories[index].columns = try reading.columns(run: key, count: histories[index].points)
      }
      return histories
    }
  }

  /// The names of all metrics that any of the runs has, sorted.
  public func metrics(of runs: [RunID]) throws(StoreError) -> [String] {
    try reading { database in
      var names: Set<String> = []
      for run in runs {
        names.formUnion(
          try String.fetchAll(
            database.cachedStatement(
              sql: """
                SELECT metric.name FROM metric_summary
                JOIN metric ON metric.key = metric_summary.metric WHERE metric_summary.run = ?
                """), arguments: [try runKey(run, database)]))
      }
      return names.sorted()
    }
  }
}
