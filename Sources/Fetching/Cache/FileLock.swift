import Foundation

/// An advisory lock between processes, held as long as the value lives: a class because it owns the
/// lock. The kernel releases it when the process ends, however it ends.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Waits for the lock; `waiting` is called once if another process holds it.
  ///
  /// - Parameter shared: others that share it may hold it at the same time.
  init(_ file: URL, shared: Bool = false, waiting: () -> Void = {}) throws(FetchError) {
    descriptor = try FileLock.open(file)
    try wait(for: shared ? LOCK_SH : LOCK_EX, of: file, waiting: waiting)
  }

  /// Locks a folder that exists.
  init(folder: URL) throws(FetchError) {
    descriptor = Foundation.open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .fileSystem(folder.path, code: errno) }
    try wait(for: LOCK_EX, of: folder) {}
  }

  /// The lock if nobody holds it.
  init?(ifFree file: URL) throws(FetchError) {
    descriptor = try FileLock.open(file)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EWOULDBLOCK { return nil }
      guard code == EINTR else { throw .fileSystem(file.path, code: code) }
    }
  }

  deinit { close(descriptor) }

  private func wait(
    for operation: Int32, of file: URL, waiting: () -> Void
  ) throws(FetchError) {
    guard flock(descriptor, operation | LOCK_NB) != 0 else { return }
    if errno == EWOULDBLOCK { waiting() }
    while flock(descriptor, operation) != 0 {
      let code = errno
      // `deinit` closes the descriptor of a lock that was not to be had, too.
      guard code == EINTR else { throw .fileSystem(file.path, code: code) }
    }
  }

  private static func open(_ file: URL) throws(FetchError) -> Int32 {
    try atFileSystem(file.deletingLastPathComponent().path) {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    let descriptor = Foundation.open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .fileSystem(file.path, code: errno) }
    return descriptor
  }
}
