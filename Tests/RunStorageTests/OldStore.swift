import Experiments
import Foundation
import GRDB

@testable import RunStorage

/// A store of the third layout, with one run, as an older version left it.
enum OldStore {
  static func make(at home: String) throws {
    let queue = try DatabaseQueue(path: "\(home)/store.sqlite")
    try queue.write { database in
      for migration in StoreSchema.migrations[..<3] { try migration(database) }
      let run = enrolled(1)
      try database.execute(
        sql: """
          INSERT INTO experiment VALUES (1, 'e', '2026-01-01T00:00:00.000Z',
            '2026-01-01T00:00:00.000Z', 1);
          INSERT INTO run (key, id, backbone, dataset, method, seed, spec, state, provenance)
          VALUES (1, ?, 't5-base', 'mrpc', 'dept', 1, ?, 'queued', '{}');
          INSERT INTO experiment_run VALUES (1, 1, 0, 1, 0);
          CREATE VIEW v_runs AS SELECT id FROM run;
          PRAGMA application_id = \(StoreSchema.applicationID);
          PRAGMA user_version = 3;
          """,
        arguments: [run.id.rawValue, try StoredJSON.text(run.spec)])
      try database.execute(
        sql: "UPDATE run SET provenance = ?", arguments: [try StoredJSON.text(run.provenance)])
    }
    try queue.close()
  }
}
