public import Experiments
import GRDB

extension RunStore {
  /// A run without its points.
  public func record(of id: RunID) throws(StoreError) -> FrozenRun {
    try reading { database in
      let runs = try FrozenRunReading(database: database, curves: false).runs(
        sql: "SELECT * FROM run WHERE id = ?", arguments: [id.rawValue], experiment: nil)
      guard let run = runs.first else { throw StoreError.unknownRun(text: id.short) }
      return run
    }
  }
}
