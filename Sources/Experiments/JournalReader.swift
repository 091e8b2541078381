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

  /// The whole lines of the next block, at most about `limit` bytes; none at the end of the
  /// journal, or where there is no file yet.
  ///
  /// A journal ends before its first zero: there lie zeros that the writer has reserved, or, after
  /// loss of power, a hole that hides what follows. A torn last line is left for later.
  public mutating func next(limit: Int = 4 << 20) throws(JournalError) -> [RunEvent] {
    try nextBlock(limit: limit).events
  }

  /// The same as `next`, with the points of metrics in columns.
  package mutating func nextBlock(limit: Int = 4 << 20) throws(JournalError) -> JournalBlock {
    let (lines, isEnd) = try wholeLines(limit: limit)
    var block = JournalBlock(isLast: isEnd)
    if let malformed = block.add(lines: lines) {
      let text = String(decoding: lines[malformed].prefix(40), as: UTF8.self)
      throw .malformed(path: path, byte: offset + malformed.lowerBound, text: text)
    }
    offset += lines.count
    return block
  }

  /// Lines, and whether there were no more just now.
  private func wholeLines(
    limit: Int
  ) throws(JournalError) -> (lines: ArraySlice<UInt8>, isEnd: Bool) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return ([], true) }
      throw .file(path: path, action: "open", reason: systemReason(errno))
    }
    defer { close(descriptor) }
    // A short look first: most often, nothing or little is new, and zeros follow.
    var size = min(limit, 1 << 14)
    while true {
      let block = try text(descriptor, size: size)
      let isEnd = block.count < size
      if !isEnd, size < limit {
        size = limit
      } else if let last = block.lastIndex(of: JournalLine.newline) {
        return (block[...last], isEnd)
      } else if isEnd {
        return ([], true)
      } else {
        // One line is longer than the block.
        size *= 2
      }
    }
  }

  /// The bytes before the first zero or the end of the file, at most `size`.
  private func text(_ descriptor: Int32, size: Int) throws(JournalError) -> [UInt8] {
    var available = stat()
    guard fstat(descriptor, &available) == 0 else {
      throw .file(path: path, action: "read", reason: systemReason(errno))
    }
    let wanted = min(size, max(0, Int(available.st_size) - offset))
    guard wanted > 0 else { return [] }
    var failure: Int32 = 0
    let block = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      let whole = UnsafeMutableRawBufferPointer(buffer)
      while count < wanted {
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
      if let start = whole.baseAddress, let zero = memchr(start, 0, count) {
        count = UnsafeRawPointer(zero) - UnsafeRawPointer(start)
      }
    }
    guard failure == 0 else {
      throw .file(path: path, action: "read", reason: systemReason(failure))
    }
    return block
  }
}
