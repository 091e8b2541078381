import Foundation

/// Where the bytes of a file that is being written go.
struct FileSink {
  let descriptor: Int32
  /// The path that errors name.
  let path: String

  func put(_ bytes: [UInt8]) throws(CheckpointError) {
    try bytes.withUnsafeBufferPointer { buffer throws(CheckpointError) in
      try put(UnsafeRawBufferPointer(buffer))
    }
  }

  func put(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let written = write(descriptor, part.baseAddress, part.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw .unwritable(path: path, reason: SystemReason.text(errno))
      }
      rest = rest.dropFirst(written)
    }
  }
}
