import Foundation

/// The first hundred bytes of a database file, read without SQLite, which would leave files beside
/// another program's database.
struct StoreHeader {
  /// `PRAGMA application_id`.
  let application: Int32
  /// Whether the file itself has, or ever had, a table.
  let hasSchema: Bool

  /// `nil` where the file cannot be read or has no such beginning.
  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count,
      bytes.starts(with: Array("SQLite format 3\0".utf8))
    else { return nil }
    hasSchema = bytes[40..<44].contains { $0 != 0 }
    application = Int32(
      bitPattern: bytes[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }
}
