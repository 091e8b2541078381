import Foundation

/// A file that is written front to back; a class because it owns an open descriptor.
final class OutputFile {
  let path: String
  private let descriptor: Int32

  /// Creates the file, or opens it for appending at its end.
  init(_ path: String, appending: Bool = false) throws(FetchError) {
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (appending ? O_APPEND : O_TRUNC)
    descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw .fileSystem(path, code: errno) }
  }

  deinit { close(descriptor) }

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
    var written = 0
    while written < bytes.count {
      let count = writeSome(bytes, from: written)
      if count < 0 {
        if errno == EINTR { continue }
        throw .fileSystem(path, code: errno)
      }
      written += count
    }
  }

  /// Throws away what has been written.
  func restart() throws(FetchError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .fileSystem(path, code: errno)
    }
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(FetchError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .fileSystem(path, code: errno) }
  }

  private func writeSome(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    return Foundation.write(descriptor, base + start, bytes.count - start)
  }
}
