import Foundation

/// A file without a name, gone with the process however that ends: a class because it owns the
/// descriptor.
///
/// It is read piece by piece rather than mapped, so that what was read once is no memory of this
/// process.
final class NamelessFile: Sendable {
  private let descriptor: Int32

  /// `nil` where no file can be made in the folder.
  init?(in directory: URL) {
    try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var path = Array(directory.appending(path: ".examples-XXXXXX").path.utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return nil }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Writes at the end; returns the error's number where that fails.
  func append(_ bytes: [UInt8]) -> Int32? {
    bytes.withUnsafeBytes { all in
      var rest = all[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = write(descriptor, piece.baseAddress, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : EIO }
        rest = rest.dropFirst(count)
      }
      return nil
    }
  }

  /// The bytes of a range that was written.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while count < range.count {
        let place = off_t(range.lowerBound + count)
        let base = buffer.baseAddress.map { $0 + count }
        let read = pread(descriptor, base, range.count - count, place)
        if read < 0, errno == EINTR { continue }
        precondition(read > 0, "examples that were put aside on disk cannot be read back")
        count += read
      }
    }
  }
}
