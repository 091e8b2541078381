import Foundation

/// The lock of a whole cache folder: fetches share it, removing from it needs it alone.
enum CacheLocks {
  static func use(of cache: URL) throws(FetchError) -> FileLock {
    try FileLock(file(of: cache), shared: true)
  }

  /// - Throws: `FetchError.inUse` while a fetch is under way.
  static func removal(from cache: URL) throws(FetchError) -> FileLock {
    guard let lock = try FileLock(ifFree: file(of: cache)) else {
      throw .inUse(folder: cache.path)
    }
    return lock
  }

  private static func file(of cache: URL) -> URL { cache.appending(path: ".locks/.cache.lock") }
}
