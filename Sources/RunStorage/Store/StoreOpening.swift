import Foundation
import GRDB

/// How the database file is opened and checked: one place for readers and the writer.
///
/// **Readers change nothing.** An older layout is read from a migrated copy in memory; a newer one
/// as it is, where it has every table, view and column that this version knows.
/// **The writer** migrates in one transaction, after a backup.
enum StoreOpening {
  /// Up to this size in bytes an older store is read from memory.
  static let memoryLimit = 256 << 20

  static func path(home: String) -> String { "\(home)/store.sqlite" }

  /// Opens for reading; nothing is created or changed.
  static func reader(home: String) throws(StoreError) -> any DatabaseReader {
    let path = path(home: home)
    let file = try plainReader(path)
    do {
      let layout = try layout(file, path: path)
      if layout > StoreSchema.version, try !file.read(StoreSchema.isContained) {
        throw StoreError.newer(path: path, version: layout, supported: StoreSchema.version)
      }
      if layout >= StoreSchema.version { return file }
      // Whoever was to make it was killed before there was anything in it.
      if layout == 0 { throw StoreError.missing(path: path) }
      let older = StoreError.older(path: path, version: layout, supported: StoreSchema.version)
      guard fileSize(path) <= memoryLimit else { throw older }
      let memory = try DatabaseQueue(configuration: common())
      try file.backup(to: memory)
      try memory.write { try StoreSchema.migrate($0, StoreSchema.migrations) }
      try memory.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
      return memory
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Opens for writing, creates the file, and brings its layout up to date.
  static func writer(
    home: String, migrations: [StoreSchema.Migration] = StoreSchema.migrations
  ) throws(StoreError) -> (pool: DatabasePool, upgrade: StoreUpgrade?) {
    let path = path(home: home)
    let target = migrations.count
    do {
      var upgrade: StoreUpgrade?
      // A foreign or newer file must not be changed in the least, not even to WAL mode.
      if access(path, F_OK) == 0, fileSize(path) > 0 {
        let file = try plainReader(path)
        let layout = try layout(file, path: path)
        if layout > target {
          throw StoreError.newer(path: path, version: layout, supported: target)
        }
        if access(path, W_OK) != 0 { throw StoreError.readOnly(path: path) }
        if layout > 0, layout < target {
          let backup = try StoreBackup.make(home: home, layout: layout, from: file)
          upgrade = StoreUpgrade(from: layout, to: target, backup: backup)
        }
      }
      if access(path, F_OK) == 0, access(path, W_OK) != 0 { throw StoreError.readOnly(path: path) }
      var configuration = common()
      if fileSize(path) == 0 {
        // Only a file without a page can still be made one that is able to shrink.
        configuration.prepareDatabase { database in
          guard try Int.fetchOne(database, sql: "PRAGMA page_count") == 0 else { return }
          try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        }
      }
      let pool = try DatabasePool(path: path, configuration: configuration)
      do {
        try pool.write { try StoreSchema.migrate($0, migrations) }
      } catch let error as DatabaseError where upgrade != nil {
        let failure = StoreError(error, path: path)
        guard case .unusable(_, let detail) = failure else { throw failure }
        throw StoreError.migration(
          path: path, from: upgrade?.from ?? 0, to: target, detail: detail)
      }
      StoreBackup.prune(home: home, sparing: upgrade?.backup)
      return (pool, upgrade)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      throw access(home, W_OK) == 0
        ? StoreError(error, path: path) : .readOnly(path: path)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// The file as it is, for reading, whatever its layout.
  static func plainReader(_ path: String) throws(StoreError) -> any DatabaseReader {
    guard access(path, F_OK) == 0 else { throw .missing(path: path) }
    let hasLog = access("\(path)-wal", F_OK) == 0
    if let header = StoreHeader(path: path), header.application != StoreSchema.applicationID,
      header.application != 0 || !hasLog && !header.isEmpty
    {
      throw .foreign(path: path)
    }
    var configuration = common()
    configuration.readonly = true
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    do {
      return try opened(path, configuration)
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_READONLY && access(path, W_OK) == 0
    {
      // Whoever wrote it last was killed in the middle: that is undone first, as SQLite does for
      // everyone who may write.
      do {
        try recover(path)
        return try opened(path, configuration)
      } catch {
        throw StoreError(error, path: path)
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      // A database in WAL mode wants to create its index beside it, which a folder that cannot
      // be written forbids; without a WAL nothing is pending, so the file can be read as it is.
      if hasLog { throw .pendingLog(path: path) }
      let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
      let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
      do {
        return try opened("file:\(escaped)?immutable=1", configuration)
      } catch {
        throw StoreError(error, path: path)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// The layout of a store; 0 where the file holds nothing yet.
  ///
  /// - Throws: `foreign` where it is another program's.
  static func layout(_ reader: any DatabaseReader, path: String) throws -> Int {
    try reader.read { database in
      let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      if application == 0, version == 0, objects == 0 { return 0 }
      guard application == StoreSchema.applicationID else { throw StoreError.foreign(path: path) }
      return version
    }
  }

  static func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func opened(
    _ path: String, _ configuration: Configuration
  ) throws -> any DatabaseReader {
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // The first look is what fails, not the opening.
    try queue.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    return queue
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
}
