import Foundation

/// A file seen as memory; a class because it owns the mapping and undoes it.
///
/// The mapping is read-only and private, so threads share it freely. A file that is replaced by
/// renaming keeps its old bytes here.
final class MappedFile: @unchecked Sendable {  // Mapped read-only, never written.
  /// The bytes of the file.
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws(CheckpointError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno != ENOENT && errno != ENOTDIR else { throw .missingFile(path: path) }
      throw .unreadable(path: path, reason: SystemReason.text(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: SystemReason.text(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a file")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else {
      throw .unreadable(path: path, reason: SystemReason.text(errno))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
