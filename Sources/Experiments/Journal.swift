import Foundation

/// The record an attempt leaves of itself: a file of events, one JSON object a line.
///
/// A class because it owns a file descriptor. Every line is one `write`: what `append` has
/// returned from survives the death of the process.
public final class Journal {
  /// Where the file lies.
  public let path: String
  private let descriptor: Int32
  /// Bytes of complete lines.
  private var length: Int

  /// Opens the file for appending, creates it where it is missing, and cuts a torn last line.
  public init(path: String) throws(JournalError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .file(path: path, action: "open", reason: systemReason(errno))
    }
    length = Int(lseek(descriptor, 0, SEEK_END))
    try cutTornLine()
  }

  deinit { close(descriptor) }

  /// Records one event; once this returns, it survives `kill -9` of this process.
  public func append(_ event: RunEvent) throws(JournalError) {
    let line: [UInt8]
    do {
      line = try JournalLine.bytes(of: event)
    } catch {
      throw .file(path: path, action: "encode an event of", reason: "\(error)")
    }
    while true {
      let written = write(descriptor, line, line.count)
      if written == line.count { break }
      if written < 0 && errno == EINTR { continue }
      let code = written < 0 ? errno : ENOSPC
      // Part of a line may be there: it was not acknowledged, so it goes.
      _ = ftruncate(descriptor, off_t(length))
      if code == ENOSPC || code == EDQUOT { throw .full(path: path) }
      throw .file(path: path, action: "write", reason: systemReason(code))
    }
    length += line.count
  }

  /// Waits until everything is on the disk itself, so that it survives loss of power too.
  public func synchronize() {
    _ = fsync(descriptor)
  }

  private func cutTornLine() throws(JournalError) {
    var end = length
    var byte: UInt8 = 0
    while end > 0, pread(descriptor, &byte, 1, off_t(end - 1)) == 1, byte != JournalLine.newline {
      end -= 1
    }
    guard end < length else { return }
    guard ftruncate(descriptor, off_t(end)) == 0 else {
      throw .file(path: path, action: "repair", reason: systemReason(errno))
    }
    length = end
  }
}

/// The system's words for an error number.
func systemReason(_ code: Int32) -> String { String(cString: strerror(code)) }
