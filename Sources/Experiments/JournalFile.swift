import Foundation

/// The file of a journal that is written: its end in memory, with space reserved ahead.
///
/// Space is taken in growing pieces before it is mapped, so that a full disk is an error here and
/// no signal later. Where a file system cannot map files, every line is one `pwrite`. Whoever has
/// the file mapped holds a shared lock on it: it is cut only by the last.
final class JournalFile {
  private let path: String
  private var descriptor: Int32
  /// Bytes of whole lines.
  private var length = 0
  /// Bytes from the start that have their blocks on the disk; nothing beyond is mapped.
  private var reserved = 0
  /// Memory for the bytes from `windowStart` on; without a mapping, for one line.
  private var window = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private var windowStart = 0
  private var isMapped = true
  private var piece = 1 << 16

  private static let largestPiece = 1 << 20
  private static let page = max(4096, sysconf(Int32(_SC_PAGESIZE)))

  init(path: String) throws(JournalError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .file(path: path, action: "open", reason: systemReason(errno))
    }
    // Waits only while another cuts the file; where there are no locks, there is no sharing.
    _ = flock(descriptor, LOCK_SH)
    try findEnd()
    reserved = length / Self.page * Self.page
  }

  deinit { finish() }

  /// Room for the next line, of at most `count` bytes.
  func room(for count: Int) throws(JournalError) -> UnsafeMutableBufferPointer<UInt8> {
    if isMapped {
      let used = length - windowStart
      if used + count <= window.count {
        return UnsafeMutableBufferPointer(rebasing: window[used...])
      }
      try advance(count)
      if isMapped {
        return UnsafeMutableBufferPointer(rebasing: window[(length - windowStart)...])
      }
    }
    if window.count < count {
      window.deallocate()
      window = .allocate(capacity: count)
    }
    return window
  }

  /// Makes the first `count` bytes of the room part of the file.
  func accept(_ count: Int) throws(JournalError) {
    if !isMapped { try put(count) }
    length += count
  }

  func synchronize() {
    if isMapped, let start = window.baseAddress { msync(start, window.count, MS_SYNC) }
    _ = fsync(descriptor)
  }

  /// Cuts the file to its length and lets go of it.
  func finish() {
    guard descriptor >= 0 else { return }
    unmap()
    // Another that has it mapped would fault where the file ends, or may have written on.
    var next: UInt8 = 0
    let isLast = pread(descriptor, &next, 1, off_t(length)) < 1 || next == 0
    if isLast, flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK {
      _ = ftruncate(descriptor, off_t(length))
    }
    close(descriptor)
    descriptor = -1
  }

  /// Cuts off the zeros that a file ends with, unless somebody has it open as a journal.
  static func trim(path: String) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var end = size
    while end > 0 {
      let start = (end - 1) / block.count * block.count
      guard pread(descriptor, &block, end - start, off_t(start)) == end - start else { return }
      if let last = block[..<(end - start)].lastIndex(where: { $0 != 0 }) {
        end = start + last + 1
        break
      }
      end = start
    }
    if end < size { _ = ftruncate(descriptor, off_t(end)) }
  }

  // MARK: Space

  /// Maps the end of the file with room for `count` bytes more.
  private func advance(_ count: Int) throws(JournalError) {
    let needed = length + count
    while reserved < needed {
      let smallest = (needed - reserved + Self.page - 1) / Self.page * Self.page
      try reserve(smallest, wanted: max(piece, smallest))
      piece = min(piece * 2, Self.largestPiece)
    }
    unmap()
    windowStart = length / Self.page * Self.page
    let size = reserved - windowStart
    let start = mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, off_t(windowStart))
    guard let start, start != MAP_FAILED else {
      isMapped = false
      return
    }
    window = UnsafeMutableBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self), count: size)
  }

  private func unmap() {
    if isMapped, let start = window.baseAddress {
      munmap(start, window.count)
    } else {
      window.deallocate()
    }
    window = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// Takes `wanted` bytes of the disk, or as many as there are, but `smallest` at least.
  private func reserve(_ smallest: Int, wanted: Int) throws(JournalError) {
    let size = lseek(descriptor, 0, SEEK_END)
    var count = wanted
    while true {
      let code = Self.allocate(descriptor, from: reserved, after: length, count)
      switch code {
      case 0:
        reserved += count
        return
      case EINTR: continue
      case ENOSPC, EDQUOT, EFBIG:
        // What a part of it took is given back.
        _ = ftruncate(descriptor, max(size, off_t(length)))
        guard count > smallest else { throw .full(path: path) }
        count = max(smallest, count / 2 / Self.page * Self.page)
      default:
        throw .file(path: path, action: "reserve space for", reason: systemReason(code))
      }
    }
  }

  /// Gives `count` bytes from `start` on their blocks; everything after `end` is zero. The
  /// system's error number, or 0.
  private static func allocate(
    _ descriptor: Int32, from start: Int, after end: Int, _ count: Int
  ) -> Int32 {
    #if os(Linux)
    let code = posix_fallocate(descriptor, off_t(start), off_t(count))
    if code != EOPNOTSUPP && code != EINVAL { return code }
    #endif
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    var position = max(start, end)
    while position < start + count {
      let written = pwrite(
        descriptor, zeros, min(zeros.count, start + count - position), off_t(position))
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      position += written
    }
    return 0
  }

  /// Writes the line in the window to a file that cannot be mapped.
  private func put(_ count: Int) throws(JournalError) {
    while true {
      let written = pwrite(descriptor, window.baseAddress, count, off_t(length))
      if written == count { return }
      if written < 0 && errno == EINTR { continue }
      let code = written < 0 ? errno : ENOSPC
      // Part of a line may be there: it was not acknowledged, so it goes.
      _ = ftruncate(descriptor, off_t(length))
      if code == ENOSPC || code == EDQUOT || code == EFBIG { throw .full(path: path) }
      throw .file(path: path, action: "write", reason: systemReason(code))
    }
  }

  // MARK: What was there

  /// Finds the end of the last whole line before the first zero, and makes everything behind zero.
  private func findEnd() throws(JournalError) {
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var position = 0
    var isBehind = false
    var contentEnd = 0
    while true {
      let count = pread(descriptor, &block, block.count, off_t(position))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .file(path: path, action: "read", reason: systemReason(errno))
      }
      if count == 0 { break }
      let read = block[..<count]
      if !isBehind {
        let text = read[..<(read.firstIndex(of: 0) ?? count)]
        isBehind = text.count < count
        if let last = text.lastIndex(of: JournalLine.newline) { length = position + last + 1 }
      }
      if let last = read.lastIndex(where: { $0 != 0 }) { contentEnd = position + last + 1 }
      position += count
    }
    if contentEnd > length { try clear(length..<contentEnd) }
  }

  /// Overwrites with zeros, on the disk too: old bytes must never be read behind new ones.
  private func clear(_ range: Range<Int>) throws(JournalError) {
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    var position = range.lowerBound
    while position < range.upperBound {
      let count = min(zeros.count, range.upperBound - position)
      let written = pwrite(descriptor, zeros, count, off_t(position))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw .file(path: path, action: "repair", reason: systemReason(errno))
      }
      position += written
    }
    _ = fsync(descriptor)
  }
}

/// The system's words for an error number.
func systemReason(_ code: Int32) -> String { String(cString: strerror(code)) }
