import Experiments
import GRDB

extension StoreSchema {
  /// Runs that differ in nothing but their seeds have a configuration in common.
  static let nameConfigurations: Migration = { database in
    try database.execute(
      sql: """
        CREATE TABLE configuration (
          key INTEGER PRIMARY KEY,
          description TEXT NOT NULL UNIQUE
        ) STRICT;
        ALTER TABLE run ADD COLUMN configuration INTEGER REFERENCES configuration (key);
        CREATE INDEX run_by_configuration ON run (configuration);
        """)
    for row in try Row.fetchAll(database, sql: "SELECT key, spec FROM run") {
      let (key, text): (Int64, String) = (row[0], row[1])
      // What cannot be read is a configuration of its own.
      let spec = try? StoredJSON.value(RunSpec.self, text)
      try database.cachedStatement(sql: "UPDATE run SET configuration = ? WHERE key = ?").execute(
        arguments: [
          try configurationKey(spec.map { try $0.configurationDescription() } ?? text, database),
          key,
        ])
    }
  }

  /// The row number of a configuration, which is entered where it is new.
  static func configurationKey(_ description: String, _ database: Database) throws -> Int64 {
    let find = try database.cachedStatement(
      sql: "SELECT key FROM configuration WHERE description = ?")
    if let key = try Int64.fetchOne(find, arguments: [description]) { return key }
    try database.cachedStatement(sql: "INSERT INTO configuration (description) VALUES (?)")
      .execute(arguments: [description])
    return database.lastInsertedRowID
  }
}
