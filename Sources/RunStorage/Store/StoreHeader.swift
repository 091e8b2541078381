import Foundation

/// The beginning of a database file, read without SQLite, which would leave files beside
/// another program's database.
struct StoreHeader {
  /// `PRAGMA application_id`.
  let application: Int32
  /// Whether there is no table in it: the root of the schema, which follows the first hundred
  /// bytes, is a leaf without a cell.
  let isEmpty: Bool

  /// `nil` where the file cannot be read or has no such beginning.
  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 105)
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count,
      bytes.starts(with: Array("SQLite format 3\0".utf8))
    else { return nil }
    isEmpty = bytes[100] == 13 && bytes[103] == 0 && bytes[104] == 0
    application = Int32(
      bitPattern: bytes[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }
}
