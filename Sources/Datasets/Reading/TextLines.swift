import Foundation

/// A UTF-8 text file's lines, numbered from 1, without line ends and byte-order mark; only a part of
/// the file is in memory at a time.
struct TextLines {
  let path: String
  private let file: URL

  /// Bytes that are read at a time.
  private static let piece = 1 << 20

  init(_ file: URL) throws(DatasetError) {
    self.file = file
    path = file.path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
  }

  /// Calls `body` with each line's number and bytes; a last empty line is none.
  func forEach(
    _ body: (Int, ArraySlice<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let handle = try reading { try FileHandle(forReadingFrom: file) }
    defer { try? handle.close() }
    var number = 0
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd {
      let more = try reading { try handle.read(upToCount: Self.piece) } ?? Data()
      isAtEnd = more.isEmpty
      let searched = bytes.count
      bytes.append(contentsOf: more)
      var start = 0
      if number == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
      var from = max(searched, start)
      while true {
        guard let end = Self.lineEnd(in: bytes, from: from) ?? (isAtEnd ? bytes.count : nil) else {
          break
        }
        if end == bytes.count, start >= end { break }
        number += 1
        let hasReturn = end > start && bytes[end - 1] == 0x0D
        try body(number, bytes[start..<(hasReturn ? end - 1 : end)])
        start = min(end + 1, bytes.count)
        from = start
      }
      // A byte-order mark without a line yet has to be seen again.
      if number > 0 || start == 0 { bytes.removeFirst(start) }
    }
  }

  private static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { all in
      guard start < all.count, let base = all.baseAddress,
        let found = memchr(base + start, 0x0A, all.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func reading<Value>(_ body: () throws -> Value) throws(DatasetError) -> Value {
    do {
      return try body()
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }
}
