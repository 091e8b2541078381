import GRDB

extension StoreSchema {
  /// Which runs were taken over from another tracker, and how much of each had been there.
  static let exchange: @Sendable (Database) throws -> Void = { database in
    try database.execute(
      sql: """
        CREATE TABLE origin (
          run INTEGER PRIMARY KEY REFERENCES run (key) ON DELETE CASCADE,
          tracker TEXT NOT NULL,
          version TEXT NOT NULL,
          imported_at TEXT NOT NULL
        ) STRICT;
        """)
  }
}
