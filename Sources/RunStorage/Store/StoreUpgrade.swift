import GRDB

/// A change of a store's layout to that of this version.
public struct StoreUpgrade: Hashable, Sendable {
  public var from: Int
  public var to: Int
  /// The copy that was made before.
  public var backup: String
}

extension StoreSchema {
  /// Brings a database up to date; part of the caller's transaction, so whole or not at all.
  static func migrate(_ database: Database, _ migrations: [Migration]) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version < migrations.count else { return }
    for migration in migrations[version...] { try migration(database) }
    try makeViews(database)
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
  }

  /// Whether a newer database has every table, view and column that this version has.
  static func isContained(in database: Database) throws -> Bool {
    let own = try DatabaseQueue()
    let mine = try own.write { own in
      try migrate(own, migrations)
      return try columns(of: own)
    }
    return mine.isSubset(of: try columns(of: database))
  }

  /// `table.column` for every table and view.
  static func columns(of database: Database) throws -> Set<String> {
    Set(
      try String.fetchAll(
        database,
        sql: """
          SELECT thing.name || '.' || part.name
          FROM sqlite_schema AS thing, pragma_table_info(thing.name) AS part
          WHERE thing.type IN ('table', 'view') AND thing.name NOT LIKE 'sqlite%'
          """))
  }
}
