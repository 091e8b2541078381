import Foundation

/// Walks through a JSON document piece by piece and knows its structure: brackets, texts, escapes.
///
/// What a value holds is for a decoder to judge.
struct JSONScanner {
  /// The deepest nesting of brackets inside a value.
  private static let deepest = 500

  let path: String
  private let handle: FileHandle
  private let piece: Int
  private var bytes: [UInt8] = []
  /// The place in `bytes` of the next byte.
  private var next = 0
  /// From where `bytes` has to be kept when more is read.
  private var mark: Int?
  /// How many bytes came before those in `bytes`.
  private var passed = 0
  private var line = 1
  private var lineStart = 0
  private var lastLineStart = 0

  /// - Parameter piece: the bytes that are read at a time.
  init(_ file: URL, piece: Int) throws(DatasetError) {
    path = file.path
    self.piece = piece
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    do {
      handle = try FileHandle(forReadingFrom: file)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  func close() { try? handle.close() }

  // MARK: Structure

  mutating func passByteOrderMark() throws(DatasetError) {
    while bytes.count < 3, try more() {}
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
  }

  /// Passes the bracket that begins an object or a list.
  mutating func expect(
    _ bracket: Unicode.Scalar, named kind: String, field: String
  ) throws(DatasetError) {
    let byte = try significant()
    guard byte == UInt8(ascii: bracket) else {
      throw malformed(
        field: field.isEmpty ? nil : field, "expected \(kind), found \(name(of: byte))")
    }
    advance()
  }

  /// Whether another element or member comes; passes the comma before it, or the closing bracket.
  mutating func hasNext(
    before bracket: Unicode.Scalar, isFirst: Bool
  ) throws(DatasetError) -> Bool {
    let byte = try significant()
    if byte == UInt8(ascii: bracket) {
      advance()
      return false
    }
    if isFirst { return true }
    guard byte == UInt8(ascii: ",") else {
      throw malformed("expected ',' or '\(bracket)', found \(name(of: byte))")
    }
    advance()
    return true
  }

  /// Passes the name of a member and its colon.
  mutating func name() throws(DatasetError) -> String {
    let first = try significant()
    guard first == UInt8(ascii: "\"") else {
      throw malformed("expected a name in quotes, found \(name(of: first))")
    }
    let quoted = try valueBytes()
    let colon = try significant()
    guard colon == UInt8(ascii: ":") else {
      throw malformed("expected ':' after a name, found \(name(of: colon))")
    }
    advance()
    return (try? JSONDecoder().decode(String.self, from: quoted))
      ?? String(decoding: quoted, as: UTF8.self)
  }

  /// The line and column, from 1, of the value that comes.
  mutating func valueStart() throws(DatasetError) -> (line: Int, column: Int) {
    _ = try significant()
    return place
  }

  /// Passes a value and returns its bytes.
  mutating func valueBytes() throws(DatasetError) -> Data {
    _ = try significant()
    mark = next
    defer { mark = nil }
    try value()
    return Data(bytes[(mark ?? next)..<next])
  }

  /// Passes a value.
  mutating func value() throws(DatasetError) {
    var due: [UInt8] = []
    repeat {
      guard let byte = try significant() else { throw malformed(Self.cutShort) }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard due.count < Self.deepest else {
          throw malformed(
            "expected at most \(Self.deepest) brackets inside one another, found more")
        }
        due.append(byte + 2)
        advance()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard byte == due.last else {
          let expected = due.last.map { "'\(Unicode.Scalar($0))'" } ?? "a value"
          throw malformed("expected \(expected), found \(name(of: byte))")
        }
        due.removeLast()
        advance()
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !due.isEmpty else { throw malformed("expected a value, found \(name(of: byte))") }
        advance()
      case UInt8(ascii: "\""):
        try text()
      default:
        guard Self.isScalar(byte) else {
          throw malformed("expected a value, found \(name(of: byte))")
        }
        while let byte = try peek(), Self.isScalar(byte) { advance() }
      }
    } while !due.isEmpty
  }

  mutating func expectEnd() throws(DatasetError) {
    if let byte = try significant() {
      throw malformed("expected the end of the document, found \(name(of: byte))")
    }
  }

  private mutating func text() throws(DatasetError) {
    advance()
    while let byte = try peek() {
      switch byte {
      case UInt8(ascii: "\""):
        advance()
        return
      case UInt8(ascii: "\\"):
        advance()
        guard try peek() != nil else { throw malformed(Self.cutShort) }
        advance()
      case ..<0x20:
        throw malformed("expected a quote at the end of the text, found \(name(of: byte))")
      default:
        advance()
      }
    }
    throw malformed(Self.cutShort)
  }

  // MARK: Faults

  private static let cutShort = "the document ends too early: fetch the data set again"

  /// The line and column of the next byte; of the last one at the end of the file.
  private var place: (line: Int, column: Int) {
    let offset = passed + next
    if offset == lineStart, line > 1, next == bytes.count {
      return (line - 1, offset - lastLineStart)
    }
    return (line, offset - lineStart + 1)
  }

  /// The fault that the next byte has.
  func malformed(field: String? = nil, _ problem: String) -> DatasetError {
    let (line, column) = place
    return .malformed(path: path, line: line, column: column, field: field, problem)
  }

  private func name(of byte: UInt8?) -> String {
    guard let byte else { return "the end of the file: fetch the data set again" }
    return switch byte {
    case 0x21...0x7E: "'\(Unicode.Scalar(byte))'"
    case 0x0A, 0x0D: "a line break"
    default: "the byte 0x\(String(byte, radix: 16, uppercase: true))"
    }
  }

  // MARK: Bytes

  private static func isScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The next byte that is no white space, or `nil` at the end of the file.
  private mutating func significant() throws(DatasetError) -> UInt8? {
    while let byte = try peek() {
      guard byte == 0x20 || (0x09...0x0D).contains(byte) else { return byte }
      advance()
    }
    return nil
  }

  private mutating func peek() throws(DatasetError) -> UInt8? {
    if next == bytes.count, try !more() { return nil }
    return bytes[next]
  }

  private mutating func advance() {
    let isLineEnd = bytes[next] == 0x0A
    next += 1
    guard isLineEnd else { return }
    line += 1
    lastLineStart = lineStart
    lineStart = passed + next
  }

  /// Reads a piece; `false` at the end of the file.
  private mutating func more() throws(DatasetError) -> Bool {
    let read: Data
    do {
      read = try handle.read(upToCount: piece) ?? Data()
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard !read.isEmpty else { return false }
    let done = mark ?? next
    bytes.removeFirst(done)
    passed += done
    next -= done
    if mark != nil { mark = 0 }
    bytes.append(contentsOf: read)
    return true
  }
}
