import Foundation

/// A UTF-8 text file's lines, numbered from 1, without line ends and byte-order mark; only a part
/// of the file is in memory at a time.
struct TextLines {
  /// More bytes than a line of any data set has: beyond them a file is taken for something else.
  static let longest = 64 << 20

  var path: String { pieces.path }
  private let pieces: FilePieces
  private let limit: Int

  /// - Parameters:
  ///   - piece: the bytes that are read at a time.
  ///   - limit: the most bytes of a line.
  init(_ file: URL, piece: Int = FilePieces.standard, limit: Int = TextLines.longest)
    throws(DatasetError)
  {
    pieces = try FilePieces(file, size: piece)
    self.limit = limit
  }

  /// Calls `body` with each line's number and bytes; a last empty line is none.
  ///
  /// - Throws: `DatasetError.malformed` for NUL bytes, for carriage returns within a line and for a
  ///   line without an end.
  func forEach(
    _ body: (Int, ArraySlice<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var number = 0
    var bytes: [UInt8] = []
    try pieces.forEach { (piece) throws(DatasetError) in
      var searched = bytes.count
      bytes.append(contentsOf: piece)
      var start = 0
      while let end = Self.place(of: 0x0A, in: bytes[searched...]) {
        number += 1
        try body(number, checked(bytes[start..<end], number))
        start = end + 1
        searched = start
      }
      bytes.removeFirst(start)
      guard bytes.count <= limit else {
        throw FilePlace(path: path, line: number + 1).malformed(
          "expected a line of at most \(limit) bytes, found a longer one: is this a text file?")
      }
    }
    if !bytes.isEmpty { try body(number + 1, checked(bytes[...], number + 1)) }
  }

  /// The line without its carriage return.
  private func checked(
    _ line: ArraySlice<UInt8>, _ number: Int
  ) throws(DatasetError) -> ArraySlice<UInt8> {
    let place = FilePlace(path: path, line: number)
    let line = line.last == 0x0D ? line.dropLast() : line
    if let byte = Self.place(of: 0, in: line) {
      throw place.malformed(column: byte - line.startIndex + 1, FilePlace.nulProblem)
    }
    if let byte = Self.place(of: 0x0D, in: line) {
      throw place.malformed(column: byte - line.startIndex + 1, FilePlace.returnProblem)
    }
    return line
  }

  private static func place(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress, let found = memchr(base, Int32(byte), all.count) else {
        return nil
      }
      return bytes.startIndex + (UnsafeRawPointer(found) - base)
    }
  }
}
