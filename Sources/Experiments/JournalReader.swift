import Foundation

/// Reads the events of a journal from a byte offset on, while another process appends to it.
public struct JournalReader: Sendable {
  /// Where the file lies.
  public let path: String
  /// The first byte not read yet: always the beginning of a line.
  public private(set) var offset: Int

  /// - Parameter offset: where to begin: 0, or the `offset` of an earlier reader.
  public init(path: String, from offset: Int = 0) {
    self.path = path
    self.offset = offset
  }

  /// The complete lines of the next block, at most about `limit` bytes; none at the end of the
  /// file, or where there is no file yet. A torn last line is left for later.
  public mutating func next(limit: Int = 4 << 20) throws(JournalError) -> [RunEvent] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw .file(path: path, action: "open", reason: systemReason(errno))
    }
    defer { close(descriptor) }
    var size = limit
    while true {
      let block = try block(descriptor, size: size)
      if let last = block.lastIndex(of: JournalLine.newline) {
        let events = try events(in: block[...last])
        offset += last + 1
        return events
      }
      // One line longer than the block: take a longer block, unless the file ends there.
      if block.count < size { return [] }
      size *= 2
    }
  }

  private func block(_ descriptor: Int32, size: Int) throws(JournalError) -> [UInt8] {
    var available = stat()
    guard fstat(descriptor, &available) == 0 else {
      throw .file(path: path, action: "read", reason: systemReason(errno))
    }
    let wanted = min(size, max(0, Int(available.st_size) - offset))
    guard wanted > 0 else { return [] }
    var failure: Int32 = 0
    let block = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while count < wanted {
        let whole = UnsafeMutableRawBufferPointer(buffer)
        let rest = UnsafeMutableRawBufferPointer(rebasing: whole[count...])
        let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    guard failure == 0 else {
      throw .file(path: path, action: "read", reason: systemReason(failure))
    }
    return block
  }

  private func events(in block: ArraySlice<UInt8>) throws(JournalError) -> [RunEvent] {
    var events: [RunEvent] = []
    events.reserveCapacity(block.count / 56)
    var malformed: Range<Int>?
    block.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count, malformed == nil {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        guard let base = rest.baseAddress, let found = memchr(base, 0x0a, rest.count) else { break }
        let length = UnsafeRawPointer(found) - base
        if let event = JournalLine.event(UnsafeRawBufferPointer(rebasing: rest[..<length])) {
          events.append(event)
        } else {
          malformed = start..<start + length
        }
        start += length + 1
      }
    }
    if let malformed {
      let first = block.startIndex + malformed.lowerBound
      let end = min(first + 40, first + malformed.count)
      let text = String(decoding: block[first..<end], as: UTF8.self)
      throw .malformed(path: path, byte: offset + malformed.lowerBound, text: text)
    }
    return events
  }
}
