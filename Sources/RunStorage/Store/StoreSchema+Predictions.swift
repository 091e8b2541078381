import GRDB

extension StoreSchema {
  /// What was predicted of runs before they started, so that predictions can be judged.
  static let predictions: @Sendable (Database) throws -> Void = { database in
    try database.execute(
      sql: """
        CREATE TABLE prediction (
          run INTEGER PRIMARY KEY REFERENCES run (key) ON DELETE CASCADE,
          seconds REAL NOT NULL,
          bytes INTEGER,
          made_at TEXT NOT NULL
        ) STRICT;
        """)
  }
}
