public import Experiments
import GRDB

extension StoreWriter {
  /// Forgets a run for good, with its attempts, results, points, notes and tags.
  public func purge(_ id: RunID) throws(StoreError) {
    try writing { database in
      let key = try runKey(id, database)
      try database.execute(sql: "DELETE FROM run WHERE key = ?", arguments: [key])
    }
  }
}
