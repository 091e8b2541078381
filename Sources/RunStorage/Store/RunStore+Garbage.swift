public import Experiments
public import Foundation
import GRDB

extension RunStore {
  /// The deleted runs that nothing needs: no experiment's newest plan wants them, and no run that
  /// is wanted or shown starts from them.
  ///
  /// - Parameter time: only those deleted before; `nil`: all.
  public func collectable(deletedBefore time: Date? = nil) throws(StoreError) -> [RunID] {
    try reading { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT id FROM run
          WHERE deleted_at IS NOT NULL AND state != 'running'
            AND (?1 IS NULL OR deleted_at < ?1)
            AND NOT EXISTS
              (SELECT 1 FROM experiment_run WHERE experiment_run.run = run.key AND wanted = 1)
            AND id NOT IN
              (SELECT source.value
                FROM run AS later, json_each(later.provenance, '$.sources') AS source
                WHERE later.deleted_at IS NULL OR EXISTS
                  (SELECT 1 FROM experiment_run
                    WHERE experiment_run.run = later.key AND wanted = 1))
          ORDER BY key
          """, arguments: [time.map(StoredJSON.text)]
      ).map { RunID(rawValue: $0) }
    }
  }

  /// The first digits, as folders are named, of every run that the store knows, deleted ones
  /// included, with how many runs have them.
  public func shortIdentities() throws(StoreError) -> [String: Int] {
    try reading { database in
      Dictionary(
        try String.fetchAll(database, sql: "SELECT id FROM run").map {
          (RunID(rawValue: $0).short, 1)
        }, uniquingKeysWith: +)
    }
  }
}
