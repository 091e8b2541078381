import Foundation
import GRDB

/// How the database file is opened and checked: one place for readers and the writer.
enum StoreOpening {
  static func path(home: String) -> String { "\(home)/store.sqlite" }

  /// Opens for reading; nothing is created or changed.
  static func reader(home: String) throws(StoreError) -> any DatabaseReader {
    let path = path(home: home)
    guard access(path, F_OK) == 0 else { throw .missing(path: path) }
    var configuration = common()
    configuration.readonly = true
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    do {
      let reader = try open(path: path, configuration: configuration)
      try check(reader, path: path)
      return reader
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_READONLY && access(path, W_OK) == 0
    {
      // Whoever wrote it last was killed in the middle: that is undone first, as SQLite does for
      // everyone who may write.
      do {
        try recover(path)
        let reader = try open(path: path, configuration: configuration)
        try check(reader, path: path)
        return reader
      } catch {
        throw StoreError(error, path: path)
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      // A database in WAL mode wants to create its index beside it, which a folder that cannot
      // be written forbids; without a WAL nothing is pending, so the file can be read as it is.
      guard access("\(path)-wal", F_OK) != 0 else { throw StoreError(error, path: path) }
      return try immutable(path: path, configuration: configuration)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Opens for writing, creates the file, and brings its layout up to date.
  static func writer(home: String) throws(StoreError) -> DatabasePool {
    let path = path(home: home)
    do {
      // A foreign or newer file must not be changed in the least, not even to WAL mode.
      if access(path, F_OK) == 0, fileSize(path) > 0 { _ = try reader(home: home) }
    } catch StoreError.older {
    }
    if access(path, F_OK) == 0, access(path, W_OK) != 0 { throw .readOnly(path: path) }
    do {
      var configuration = common()
      if fileSize(path) == 0 {
        // Only a file without a page can still be made one that is able to shrink.
        configuration.prepareDatabase { database in
          guard try Int.fetchOne(database, sql: "PRAGMA page_count") == 0 else { return }
          try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        }
      }
      let pool = try DatabasePool(path: path, configuration: configuration)
      try pool.write { database in
        try check(database, path: path, upgrading: true)
        try migrate(database)
      }
      return pool
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      throw access(home, W_OK) == 0
        ? StoreError(error, path: path) : .readOnly(path: path)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Rolls back what a killed writer left half done; changes nothing else.
  private static func recover(_ path: String) throws {
    var configuration = common()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    try DatabaseQueue(path: path, configuration: configuration).read {
      _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema")
    }
  }

  private static func common() -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    return configuration
  }

  private static func open(
    path: String, configuration: Configuration
  ) throws -> any DatabaseReader {
    try DatabaseQueue(path: path, configuration: configuration)
  }

  private static func immutable(
    path: String, configuration: Configuration
  ) throws(StoreError) -> any DatabaseReader {
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
    let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
    do {
      let reader = try open(path: "file:\(escaped)?immutable=1", configuration: configuration)
      try check(reader, path: path)
      return reader
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private static func check(_ reader: any DatabaseReader, path: String) throws {
    try reader.read { try check($0, path: path, upgrading: false) }
  }

  private static func check(_ database: Database, path: String, upgrading: Bool) throws {
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    let isEmpty = application == 0 && version == 0 && objects == 0
    if isEmpty {
      if !upgrading {
        throw StoreError.older(path: path, version: 0, supported: StoreSchema.version)
      }
      return
    }
    guard application == StoreSchema.applicationID else { throw StoreError.foreign(path: path) }
    if version > StoreSchema.version {
      throw StoreError.newer(path: path, version: version, supported: StoreSchema.version)
    }
    if version < StoreSchema.version, !upgrading {
      throw StoreError.older(path: path, version: version, supported: StoreSchema.version)
    }
  }

  private static func migrate(_ database: Database) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version < StoreSchema.version else { return }
    for migration in StoreSchema.migrations[version...] { try migration(database) }
    try database.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(StoreSchema.version)")
  }

  private static func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
