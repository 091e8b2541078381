import DeptTesting
import Foundation
import Testing

@testable import Datasets

@Suite struct TextLinesTests {
  private func lines(
    _ bytes: [UInt8], piece: Int, limit: Int = TextLines.longest
  ) throws -> [String] {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "a.txt")
    try Data(bytes).write(to: file)
    var lines: [String] = []
    try TextLines(file, piece: piece, limit: limit).forEach { (number, line) in
      lines.append("\(number):\(String(decoding: line, as: UTF8.self))")
    }
    return lines
  }

  @Test("lines do not depend on the pieces they are read in", arguments: [1, 2, 3, 5, 1000])
  func pieces(_ piece: Int) throws {
    let text = "\u{FEFF}first\r\n\nthird é 鳥\r\n\r\nlast, without an end"
    let expected = ["1:first", "2:", "3:third é 鳥", "4:", "5:last, without an end"]
    #expect(try lines(Array(text.utf8), piece: piece) == expected)
    #expect(try lines(Array((text + "\n").utf8), piece: piece) == expected)
    #expect(try lines([], piece: piece).isEmpty)
    #expect(try lines([0xEF, 0xBB, 0xBF], piece: piece).isEmpty)
    #expect(try lines([0x61], piece: piece) == ["1:a"])
  }

  struct Case: Sendable {
    var bytes: [UInt8]
    var message: String
  }

  static let cases = [
    Case(
      bytes: Array("a\nb\0c\n".utf8),
      message: ":2:2: expected text, found a NUL byte: save the file as UTF-8 text, without NUL "
        + "bytes"),
    Case(
      bytes: Array("a\rb\rc".utf8),
      message: ":1:2: expected no carriage return within a line: end lines with LF or CRLF"),
    Case(
      bytes: [0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00],
      message: ":1: expected UTF-8 text, found UTF-16: save the file as UTF-8"),
    Case(
      bytes: [0xFE, 0xFF, 0x00, 0x61],
      message: ":1: expected UTF-8 text, found UTF-16: save the file as UTF-8"),
    Case(
      bytes: Array("abc\n0123456789".utf8),
      message: ":2: expected a line of at most 8 bytes, found a longer one: is this a text file?"),
  ]

  @Test("what is no text is refused with its line and the remedy", arguments: cases, [1, 4])
  func refused(_ expected: Case, piece: Int) throws {
    let error = #expect(throws: DatasetError.self) {
      try lines(expected.bytes, piece: piece, limit: 8)
    }
    let message = "\(try #require(error))"
    #expect(message.hasSuffix("a.txt" + expected.message))
  }

  @Test("a folder and a file that is not there are said to be so")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = folder.url.appending(path: "none.txt")
    #expect(throws: DatasetError.missing(path: missing.path)) { try TextLines(missing) }
    let error = #expect(throws: DatasetError.self) {
      try TextLines(folder.url).forEach { _, _ in }
    }
    #expect("\(try #require(error))".contains("cannot be read"))
  }
}
