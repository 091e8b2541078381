import Foundation
import Synchronization

/// Writing a file so that its path holds either the old bytes or all of the new ones.
///
/// The bytes go to a temporary file in the same directory, reach the disk, and take the path in
/// one step. A device or a pipe, which cannot be replaced, is written to as it is.
package enum AtomicFile {
  private static let sequence = Atomic<Int>(0)

  /// Writes `bytes` to the file at `path`.
  package static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
    try write(to: path) { sink throws(CheckpointError) in try sink.put(bytes) }
  }

  /// Writes what `body` puts into the sink to the file at `path`.
  static func write(
    to path: String, _ body: (FileSink) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw refusal(path) }
      defer { close(descriptor) }
      return try body(FileSink(descriptor: descriptor, path: path))
    }

    let number = sequence.add(1, ordering: .relaxed).newValue
    let temporary = "\(path).\(getpid()).\(number).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal(path) }
    do throws(CheckpointError) {
      defer { close(descriptor) }
      try body(FileSink(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw refusal(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncDirectory(of: path)
  }

  /// Makes the new name outlive a power cut, where the file system can.
  private static func syncDirectory(of path: String) {
    let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func refusal(_ path: String) -> CheckpointError {
    .unwritable(path: path, reason: SystemReason.text(errno))
  }
}
