import Foundation

/// Remarks that wait for the one writer: a file of JSON lines, `home/inbox.jsonl`.
///
/// Whoever posts or takes holds the file's own lock for a moment. A remark that is taken twice,
/// because the writer died in between, is recognised by its identity.
struct Inbox {
  let path: String

  init(home: String) { path = "\(home)/inbox.jsonl" }

  func post(_ remark: Remark) throws(StoreError) {
    do {
      let line = [UInt8](try StoredJSON.text(remark).utf8) + [0x0a]
      try withLockedFile(O_RDWR | O_APPEND | O_CREAT) { descriptor in
        let size = lseek(descriptor, 0, SEEK_END)
        let count = write(descriptor, line, line.count)
        if count == line.count { return }
        let code = count < 0 ? errno : ENOSPC
        // Half a line would spoil the next one.
        ftruncate(descriptor, size)
        throw problem(code)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Hands over what is waiting, and forgets it once that has worked.
  func take(_ body: ([Remark]) throws(StoreError) -> Void) throws(StoreError) {
    guard access(path, F_OK) == 0 else { return }
    do {
      try withLockedFile(O_RDWR) { descriptor in
        let text = FileManager.default.contents(atPath: path) ?? Data()
        // A line that was torn by a full disk was never acknowledged.
        try body(
          text.split(separator: 0x0a).compactMap {
            try? StoredJSON.value(Remark.self, String(decoding: $0, as: UTF8.self))
          })
        // Removed, not emptied: the next look costs nothing. Posters look again after locking.
        unlink(path)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private func withLockedFile(_ flags: Int32, _ body: (Int32) throws -> Void) throws {
    while true {
      let descriptor = open(path, flags | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        if errno == ENOENT { return }
        throw problem(errno)
      }
      defer { close(descriptor) }
      guard flock(descriptor, LOCK_EX) == 0 else { throw problem(errno) }
      // Another may have removed the file while this one waited: then it is another file now.
      var mine = stat()
      var current = stat()
      guard fstat(descriptor, &mine) == 0, stat(path, &current) == 0, mine.st_ino == current.st_ino
      else { continue }
      return try body(descriptor)
    }
  }

  private func problem(_ code: Int32) -> StoreError {
    switch code {
    case ENOSPC, EDQUOT: .full(path: path)
    case EACCES, EROFS, EPERM: .readOnly(path: path)
    default: .unusable(path: path, detail: String(cString: strerror(code)))
    }
  }
}
