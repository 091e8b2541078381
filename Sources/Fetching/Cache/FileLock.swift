import Foundation

/// An advisory lock between processes, held as long as the value lives: a class because it owns the
/// lock. The kernel releases it when the process ends, however it ends.
final class FileLock {
  private let descriptor: Int32

  /// Waits for the lock; `waiting` is called once if another process holds it.
  init(_ file: URL, waiting: () -> Void = {}) throws(FetchError) {
    try atFileSystem(file.deletingLastPathComponent().path) {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .fileSystem(file.path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
    waiting()
    while flock(descriptor, LOCK_EX) != 0 {
      let code = errno
      // `deinit` closes the descriptor of a lock that was not to be had, too.
      guard code == EINTR else { throw .fileSystem(file.path, code: code) }
    }
  }

  deinit { close(descriptor) }
}
