import Foundation

/// A UTF-8 text file's bytes, a piece at a time, without its byte-order mark.
struct FilePieces {
  /// Bytes that are read at a time.
  static let standard = 1 << 17

  let path: String
  private let file: URL
  private let size: Int

  /// - Parameter size: the bytes that are read at a time.
  init(_ file: URL, size: Int = FilePieces.standard) throws(DatasetError) {
    self.file = file
    self.size = size
    path = file.path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
  }

  /// Calls `body` with each piece, none of them empty.
  ///
  /// - Throws: `DatasetError.malformed` for a file in UTF-16, as its byte-order mark says.
  func forEach(_ body: ([UInt8]) throws(DatasetError) -> Void) throws(DatasetError) {
    let handle = try reading { try FileHandle(forReadingFrom: file) }
    defer { try? handle.close() }
    var start: [UInt8]? = []
    while true {
      let piece = [UInt8](try reading { try handle.read(upToCount: size) } ?? Data())
      guard var first = start else {
        if piece.isEmpty { return }
        try body(piece)
        continue
      }
      // A mark has three bytes: fewer cannot be told from one.
      first += piece
      start = first
      guard first.count >= 3 || piece.isEmpty else { continue }
      start = nil
      for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] where first.starts(with: mark) {
        throw FilePlace(path: path, line: 1).malformed(
          "expected UTF-8 text, found UTF-16: save the file as UTF-8")
      }
      if first.starts(with: [0xEF, 0xBB, 0xBF]) { first.removeFirst(3) }
      if !first.isEmpty { try body(first) }
      if piece.isEmpty { return }
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
