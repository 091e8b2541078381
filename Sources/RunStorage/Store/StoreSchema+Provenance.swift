import GRDB

extension StoreSchema {
  /// Environments that runs name by `provenance.environment`, and the texts these name: patches
  /// and experiments' files. Each is there once, under the SHA-256 of its content.
  static func provenance(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE environment (
          hash TEXT PRIMARY KEY,
          content TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE provenance_text (
          key INTEGER PRIMARY KEY,
          hash TEXT NOT NULL UNIQUE,
          content BLOB NOT NULL
        ) STRICT;
        """)
  }
}
