import Experiments
import Foundation
import GRDB

/// A copy of the store that was made before its layout was changed:
/// `store.sqlite.backup-<layout>-<time>`.
public struct StoreBackup: Hashable, Sendable {
  public var path: String
  /// The layout of the copy.
  public var layout: Int
  /// When it was made, as in `20261127T195500Z`; of several in one second the later ones go on
  /// with `-2`. It only informs: the clock may have gone back.
  public var time: String
  /// The file's size.
  public var bytes: Int

  /// How many are kept.
  static let kept = 3

  /// The copies of a home's store, the newest first: by layout, then by time.
  public static func all(home: String) -> [StoreBackup] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    return names.compactMap { name -> StoreBackup? in
      guard
        let match = name.wholeMatch(of: /store\.sqlite\.backup-(\d{1,9})-(\d{8}T\d{6}Z(?:-\d+)?)/),
        let layout = Int(match.output.1)
      else { return nil }
      let path = "\(home)/\(name)"
      return StoreBackup(
        path: path, layout: layout, time: String(match.output.2),
        bytes: StoreOpening.fileSize(path))
    }.sorted { ($0.layout, $0.time) > ($1.layout, $1.time) }
  }

  /// Copies the store before it is changed.
  static func make(home: String, layout: Int, from source: any DatabaseReader) throws -> String {
    let name = "\(home)/store.sqlite.backup-\(layout)-\(stamp())"
    var path = name
    var number = 1
    while access(path, F_OK) == 0 {
      number += 1
      path = "\(name)-\(number)"
    }
    try copy(source, to: path)
    return path
  }

  /// Removes all but the newest copies, and never the one that was made just now: a store that was
  /// brought back is older than copies of it.
  static func prune(home: String, sparing path: String?) {
    for old in all(home: home).dropFirst(kept) where old.path != path { unlink(old.path) }
  }

  /// Now, in UTC, as part of a file's name.
  static func stamp() -> String {
    String(StoredJSON.now().prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
  }

  /// Copies one consistent state of a store, while others may write to it, as one plain file that
  /// appears as a whole or not at all.
  static func copy(_ source: any DatabaseReader, to path: String) throws {
    let partial = "\(path).partial"
    unlink(partial)
    do {
      let target = try DatabaseQueue(path: partial)
      try source.backup(to: target)
      try target.writeWithoutTransaction { database in
        // Without it whoever opens the copy would make two more files beside it.
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
      }
      try target.close()
      try settle(partial)
      guard rename(partial, path) == 0 else { throw problem(errno, path) }
    } catch {
      for suffix in ["", "-journal", "-wal", "-shm"] { unlink(partial + suffix) }
      throw StoreError(error, path: path)
    }
  }

  /// Makes sure that a file is on the disk.
  private static func settle(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem(errno, path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw problem(errno, path) }
  }

  private static func problem(_ code: Int32, _ path: String) -> StoreError {
    switch code {
    case ENOSPC, EDQUOT: .full(path: path)
    case EACCES, EROFS, EPERM: .readOnly(path: path)
    default: .unusable(path: path, detail: String(cString: strerror(code)))
    }
  }
}

extension RunStore {
  /// Writes a copy of the store as it is now, whatever its layout, while runs may be going on.
  ///
  /// - Throws: `unusable` where the file exists.
  public func backUp(to path: String) throws(StoreError) {
    guard access(path, F_OK) != 0 else {
      throw .unusable(path: path, detail: "there is a file of this name; choose another")
    }
    do {
      try StoreBackup.copy(try StoreOpening.plainReader(StoreOpening.path(home: home)), to: path)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// The name of a copy that is made now, in the home.
  public var backupPath: String { "\(home)/store-\(StoreBackup.stamp()).sqlite" }
}
