import GRDB

extension StoreSchema {
  /// Layout 4: an overview of every chunk of points, which lies before the points themselves so
  /// that it is read without them. Chunks from before have none.
  static let pointOverviews: @Sendable (Database) throws -> Void = { database in
    try database.execute(
      sql: """
        CREATE TABLE metric_chunk_4 (
          key INTEGER PRIMARY KEY,
          run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
          metric INTEGER NOT NULL REFERENCES metric (key),
          first_step INTEGER NOT NULL,
          last_step INTEGER NOT NULL,
          count INTEGER NOT NULL,
          min REAL,
          max REAL,
          last REAL,
          overview BLOB,
          data BLOB NOT NULL
        ) STRICT;
        INSERT INTO metric_chunk_4
          SELECT key, run, metric, first_step, last_step, count, min, max, last, NULL, data
          FROM metric_chunk ORDER BY key;
        DROP TABLE metric_chunk;
        ALTER TABLE metric_chunk_4 RENAME TO metric_chunk;
        CREATE UNIQUE INDEX metric_chunk_by_step ON metric_chunk (run, metric, last_step);
        """)
  }
}
