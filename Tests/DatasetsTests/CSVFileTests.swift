import DeptTesting
import Foundation
import Testing

@testable import Datasets

@Suite struct CSVFileTests {
  private func rows(_ text: String, optional: [String] = []) throws -> [TableRow] {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "a.csv")
    var rows: [TableRow] = []
    try CSVFile(file).rows(["a", "b"], optional: optional) { rows.append($0) }
    return rows
  }

  @Test("quotes, doubled quotes, commas, line ends, empty fields and empty lines are as RFC 4180")
  func format() throws {
    let text =
      "\u{FEFF}b,c,a\r\n1,2,3\r\n\r\n\"x, \"\"y\"\"\",,\"two\r\nlines\n\"\n\"\",\"é\",\n4,5,6"
    let rows = try rows(text, optional: ["c", "d"])
    #expect(rows.map { $0["a"] } == ["3", "two\r\nlines\n", "", "6"])
    #expect(rows.map { $0["b"] } == ["1", "x, \"y\"", "", "4"])
    #expect(rows.map { $0["c"] } == ["2", "", "é", "5"])
    #expect(rows.map(\.place.line) == [2, 4, 7, 8])
    #expect(rows.allSatisfy { $0.texts["d"] == nil })
  }

  @Test("records do not depend on where the bytes are cut")
  func pieces() throws {
    let bytes = Array("a,\"b \"\"c\"\"\r\nd\"\r\ne,\nf".utf8)
    func records(_ size: Int) throws -> [CSVParser.Record] {
      var parser = CSVParser(path: "a.csv")
      var records: [CSVParser.Record] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = Array(bytes[start..<min(start + size, bytes.count)])
        try parser.parse(piece) { records.append($0) }
      }
      try parser.finish { records.append($0) }
      return records
    }
    let whole = try records(bytes.count)
    #expect(whole.map(\.line) == [1, 3, 4])
    #expect(whole.map(\.fields.count) == [2, 2, 1])
    for size in 1...4 { #expect(try records(size) == whole) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var testDescription: String { message }
  }

  static let cases = [
    Case(
      text: "a,c\n1,2\n", message: ":1: expected a column 'b', found only a, c"),
    Case(
      text: "a,b,a\n", message: ":1: expected one column 'a', found 2: rename the others"),
    Case(
      text: "a,b\n\"x\ny\",2\n1,2,3\n",
      message: ":4: expected 2 comma-separated fields, found 3: put fields with commas in quotes"),
    Case(
      text: "a,b\n1,2\n3,\"four\n5,6\n",
      message: ":3: expected the closing quote of the field that starts here, found the end of the "
        + "file: close it, and double the quotes inside the field"),
    Case(
      text: "a,b\n1,say \"hi\"\n",
      message: ":2: expected no quote inside a field without quotes: put the whole field in quotes "
        + "and double those inside it"),
    Case(
      text: "a,b\n1,\"say \\\"hi\\\"\"\n",
      message: ":2: expected a comma or the end of the line after a quoted field, found more text: "
        + "double the quotes inside the field"),
    Case(
      text: "a,b\r1,2\r",
      message: ":1: expected no carriage return within a line: end lines with LF or CRLF"),
    Case(
      text: "a,b\n1,\0\n",
      message: ":2: expected text, found a NUL byte: save the file as UTF-8 text, without NUL "
        + "bytes"),
    Case(
      text: "",
      message: ":1: expected a header line with the columns a, b, found an empty file"),
  ]

  @Test("a file that is not as expected is refused with its line and the remedy", arguments: cases)
  func refused(_ expected: Case) throws {
    let error = #expect(throws: DatasetError.self) { try rows(expected.text) }
    let message = "\(try #require(error))"
    #expect(message.hasSuffix("a.csv" + expected.message))
  }

  @Test("a quote that takes in too much is named by its line")
  func endless() throws {
    var parser = CSVParser(path: "a.csv", limit: 10)
    let error = #expect(throws: DatasetError.self) {
      try parser.parse(Array("a,b\n1,\"23456789\n".utf8)) { _ in }
    }
    #expect(
      "\(try #require(error))"
        == "a.csv:2: expected a row of at most 10 bytes, found a longer one: "
        + "is a quote here not closed?")
  }
}
