public import Foundation

/// The file that a `DataLock` is kept in, shared by all processes that fetch.
public struct DataLockFile: Hashable, Sendable {
  /// Where it lies.
  public let url: URL

  public init(_ url: URL) { self.url = url }

  /// What the file says; an empty lock where there is none yet.
  ///
  /// - Throws: `FetchError.damagedLock` with the line.
  public func read() throws(FetchError) -> DataLock {
    guard FileManager.default.fileExists(atPath: url.path) else { return DataLock() }
    let data = try unwritable { () throws(FetchError) in
      try atFileSystem(url.path) { try Data(contentsOf: url) }
    }
    do throws(DataLock.Damage) {
      return try DataLock(String(decoding: data, as: UTF8.self))
    } catch {
      throw .damagedLock(path: url.path, line: error.line, reason: error.reason)
    }
  }

  /// Whether `source` may be used for NAME: it is the one that is known, or the first.
  func check(_ source: FetchManifest.Source, for name: String) throws(FetchError) {
    try check([source], for: name, against: try read())
  }

  /// Adds what is new, as one step also where other processes do so at the same time.
  ///
  /// - Parameter acceptingChanges: take the hashes of files that have changed.
  /// - Throws: `FetchError.changed` where another hash is known.
  func record(
    _ sources: [FetchManifest.Source], for name: String, acceptingChanges: Bool
  ) throws(FetchError) {
    let folder = url.deletingLastPathComponent()
    try unwritable { () throws(FetchError) in try create(folder) }
    // The folder is what is locked: a lock beside the file would end up in git.
    let lock = try unwritable { () throws(FetchError) in try FileLock(folder: folder) }
    defer { withExtendedLifetime(lock) {} }
    let known = try read()
    if !acceptingChanges { try check(sources, for: name, against: known) }
    var renewed = known
    for source in sources {
      renewed.files[source.url] = DataLock.Entry(bytes: source.bytes, sha256: source.sha256)
    }
    guard renewed != known else { return }
    let text = renewed.text
    try unwritable { () throws(FetchError) in
      try atFileSystem(url.path) { try Data(text.utf8).write(to: url, options: .atomic) }
    }
  }

  private func check(
    _ sources: [FetchManifest.Source], for name: String, against lock: DataLock
  ) throws(FetchError) {
    for source in sources {
      guard let known = lock.files[source.url], known.sha256 != source.sha256 else { continue }
      throw .changed(
        FetchError.Change(
          name: name, url: source.url, known: known.sha256, found: source.sha256, lock: url.path))
    }
  }

  private func create(_ folder: URL) throws(FetchError) {
    try atFileSystem(folder.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  private func unwritable<Value>(
    _ body: () throws(FetchError) -> Value
  ) throws(FetchError) -> Value {
    do throws(FetchError) {
      return try body()
    } catch {
      switch error {
      case .readOnly(let path), .fileSystem(let path, _): throw .unwritableLock(path: path)
      default: throw error
      }
    }
  }
}
