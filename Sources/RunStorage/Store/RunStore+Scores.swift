public import Datasets
public import Experiments
import Foundation
import GRDB

extension RunStore {
  /// The scores of those of `runs` that have succeeded, by split and metric.
  public func scores(
    of runs: [RunID]
  ) throws(StoreError) -> [RunID: [Split: [String: Double]]] {
    try reading { database in
      var scores: [RunID: [Split: [String: Double]]] = [:]
      let list = try StoredJSON.text(runs)
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT run.id, run_summary.scores FROM run
          JOIN run_summary ON run_summary.run = run.key
          WHERE run.state = 'succeeded' AND run.id IN (SELECT value FROM json_each(?))
          """, arguments: [list])
      while let row = try rows.next() {
        scores[RunID(rawValue: row[0])] = try StoredJSON.value(
          [Split: [String: Double]].self, row[1])
      }
      return scores
    }
  }
}
