import Foundation

/// A UTF-8 text file's lines, numbered from 1, without line ends and byte-order mark.
struct TextLines {
  let path: String
  private let bytes: [UInt8]

  init(_ file: URL) throws(DatasetError) {
    path = file.path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    do {
      bytes = [UInt8](try Data(contentsOf: file))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// Calls `body` with each line's number and bytes; a last empty line is none.
  func forEach(
    _ body: (Int, ArraySlice<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var number = 0
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      number += 1
      let hasReturn = end > start && bytes[end - 1] == 0x0D
      try body(number, bytes[start..<(hasReturn ? end - 1 : end)])
      start = end + 1
    }
  }
}
