import Foundation
import GRDB

/// What a store is and how much it holds.
public struct StoreInfo: Hashable, Sendable {
  public var path: String
  /// The file's size in bytes, and that of the log whose changes are not in it yet.
  public var bytes: Int
  public var logBytes: Int
  /// The file's layout, and the newest that this version knows.
  public var layout: Int
  public var supported: Int
  /// The network file system it lies on; `nil` on a local disk.
  public var network: String?
  public var experiments = 0
  public var runs = 0
  public var deleted = 0
  public var attempts = 0
  public var points = 0
  /// The copies that were made before changes of layout, the newest first.
  public var backups: [StoreBackup]

  /// Looks at a home's store; an older one is read as it is.
  ///
  /// - Throws: where there is none that can be read.
  public init(home: String) throws(StoreError) {
    path = StoreOpening.path(home: home)
    bytes = StoreOpening.fileSize(path)
    logBytes = StoreOpening.fileSize("\(path)-wal")
    supported = StoreSchema.version
    network = FileSystem.network(at: home)
    backups = StoreBackup.all(home: home)
    layout = 0
    do {
      let file = try StoreOpening.plainReader(path)
      layout = try StoreOpening.layout(file, path: path)
      guard layout > 0 else { return }
      try file.read { database in
        func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
        experiments = try count("SELECT count(*) FROM experiment")
        runs = try count("SELECT count(*) FROM run WHERE deleted_at IS NULL")
        deleted = try count("SELECT count(*) FROM run WHERE deleted_at IS NOT NULL")
        attempts = try count("SELECT count(*) FROM attempt")
        points = try count("SELECT coalesce(sum(count), 0) FROM metric_summary")
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }
}
