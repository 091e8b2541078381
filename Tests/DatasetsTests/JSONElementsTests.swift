import DeptTesting
import Foundation
import Testing

@testable import Datasets

@Suite struct JSONElementsTests {
  struct Item: Codable, Hashable {
    var name: String
    var inner: [[Int]]?
  }

  /// Reads the list at `keys` in pieces of so many bytes.
  static func items(
    in text: [UInt8], _ keys: [String] = ["data"], piece: Int = 1 << 20
  ) throws -> [Item] {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "file")
    try Data(text).write(to: file)
    var list = JSONElements(file)
    list.keys = keys
    list.piece = piece
    var items: [Item] = []
    do throws(DatasetError) {
      try list.elements(Item.self) { (item, _) throws(DatasetError) in items.append(item) }
    } catch {
      if case .malformed(_, let line, let column, let field, let problem) = error {
        throw DatasetError.malformed(path: "", line: line, column: column, field: field, problem)
      }
      throw error
    }
    return items
  }

  static let document =
    #"{"before": {"data": [{"name": "not this"}], "x": [[], {}, "]}", -1.5e+3]}, "data" : ["#
    + #" {"name": "a\"]}\\", "inner": [[1], [2, 3]]}, {"name": "\u00e9\n𝄞"} ,"# + "\r\n\t"
    + #"{"name": ""}], "after": null, "last": [true]}"# + "\n"

  @Test("pieces of any size give what decoding the whole document gives", arguments: 1...40)
  func pieces(_ piece: Int) throws {
    struct Whole: Decodable { var data: [Item] }
    let whole = try JSONDecoder().decode(Whole.self, from: Data(Self.document.utf8))
    #expect(try Self.items(in: Array(Self.document.utf8), piece: piece) == whole.data)
    #expect(whole.data.count == 3)
  }

  @Test("the list can be the document, lie deep, or be empty")
  func places() throws {
    let item = [Item(name: "a")]
    #expect(try Self.items(in: Array(#"[{"name": "a"}]"#.utf8), []) == item)
    #expect(try Self.items(in: Array(#"{"a": {"b": [{"name": "a"}]}}"#.utf8), ["a", "b"]) == item)
    #expect(try Self.items(in: Array(#"{"d\u0061ta": [{"name": "a"}]}"#.utf8)) == item)
    #expect(try Self.items(in: Array(#"{"data": [ ]}"#.utf8)) == [])
    #expect(try Self.items(in: [0xEF, 0xBB, 0xBF] + Array(#"{"data": []}"#.utf8), piece: 1) == [])
  }

  @Test("the place of an element is its first byte")
  func elementPlace() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("{\"data\":\n[1,\n  22]}", to: "file")
    var places: [JSONElementPlace] = []
    try JSONElements(file, "data").elements(Int.self) { places.append($1) }
    #expect(places.map(\.line) == [2, 3])
    #expect(places.map(\.column) == [2, 3])
    #expect(places.map(\.field) == ["data.[0]", "data.[1]"])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var keys = ["data"]
    var testDescription: String { message }
  }

  static let faults = [
    Case(
      text: "",
      message: ":1:1: expected an object, found the end of the file: fetch the data set "
        + "again"),
    Case(
      text: "\n\n",
      message: ":2:1: expected an object, found the end of the file: fetch the data "
        + "set again"),
    Case(text: "[1]", message: ":1:1: expected an object, found '['"),
    Case(text: "\u{FEFF}7", message: ":1:4: expected an object, found '7'"),
    Case(
      text: #"{"a": 1}"#,
      message: ":1:9: field 'data': expected this field, found none: fetch the data set again"),
    Case(text: #"{"data": {}}"#, message: ":1:10: field 'data': expected a list, found '{'"),
    Case(text: #"{"data": "x"}"#, message: ":1:10: field 'data': expected a list, found '\"'"),
    Case(
      text: #"{"a": [], "data": []}"#, message: ":1:7: field 'a': expected an object, found '['",
      keys: ["a", "data"]),
    Case(
      text: #"{"a": {}}"#,
      message: ":1:9: field 'a.data': expected this field, found none: fetch the data set again",
      keys: ["a", "data"]),
    Case(
      text: #"{"data": [], "data": []}"#,
      message: ":1:21: field 'data': expected this field once, found it twice"),
    Case(
      text: #"{"data": []} {}"#, message: ":1:14: expected the end of the document, found '{'"),
    Case(
      text: #"{"data": [{"name": "a"}"#,
      message: ":1:24: expected ',' or ']', found the end of the file: fetch the data set again"),
    Case(
      text: "{\"data\": [{\"name\": \"a",
      message: ":1:22: the document ends too early: fetch the data set again"),
    Case(
      text: "{\"data\": [{\"name\": \"a\"\n",
      message: ":1:23: the document ends too early: fetch the data set again"),
    Case(text: #"{"data": [,]}"#, message: ":1:11: expected a value, found ','"),
    Case(text: #"{"data": [{"name": "a"},]}"#, message: ":1:25: expected a value, found ']'"),
    Case(
      text: #"{"data": [{"name": "a"} {"name": "b"}]}"#,
      message: ":1:25: expected ',' or ']', found '{'"),
    Case(text: #"{"data": [{"name": "a"]}"#, message: ":1:23: expected '}', found ']'"),
    Case(text: #"{"x" 1}"#, message: ":1:6: expected ':' after a name, found '1'"),
    Case(text: #"{x: 1}"#, message: ":1:2: expected a name in quotes, found 'x'"),
    Case(
      text: "{\"x\": \"a\nb\"}",
      message: ":1:9: expected a quote at the end of the text, found a line break"),
    Case(text: #"{"x": §}"#, message: ":1:7: expected a value, found the byte 0xC2"),
    Case(
      text: "{\"data\": [\n{\"name\": 5}]}",
      message: ":2:1: field 'data.[0].name': expected a text, found number"),
    Case(
      text: "{\"data\": [{\"name\": \"a\"},\n {}]}",
      message: ":2:2: field 'data.[1].name': expected this field, found none"),
    Case(
      text: #"{"data": [3]}"#,
      message: ":1:11: field 'data.[0]': expected an object, found number"),
  ]

  @Test("what is wrong is told with line and column", arguments: faults, [1, 1 << 20])
  func fault(_ expected: Case, piece: Int) throws {
    let error = #expect(throws: DatasetError.self) {
      try Self.items(in: Array(expected.text.utf8), expected.keys, piece: piece)
    }
    let message = "\(try #require(error))"
    #expect(message == expected.message)
  }

  @Test("broken syntax inside an element has a line of its own")
  func syntax() throws {
    let text = "{\"data\": [{\"name\": \"a\"},\n{\n\"name\" \"b\"}]}"
    let error = #expect(throws: DatasetError.self) { try Self.items(in: Array(text.utf8)) }
    guard case .malformed(_, let line, _, let field, _) = try #require(error) else {
      Issue.record("expected a malformed file")
      return
    }
    #expect((2...3).contains(line))
    #expect(field == "data.[1]")
  }

  @Test(
    "brackets inside one another are followed to a limit", arguments: ["{\"x\": ", "{\"data\": ["])
  func nesting(_ start: String) throws {
    let deep = Array((start + String(repeating: "[", count: 100_000)).utf8)
    let error = #expect(throws: DatasetError.self) { try Self.items(in: deep) }
    let message = "\(try #require(error))"
    #expect(message.hasSuffix("expected at most 500 brackets inside one another, found more"))
  }

  @Test("bytes that are no UTF-8 are refused inside an element")
  func badText() {
    let bytes = Array(#"{"data": [{"name": ""#.utf8) + [0xC3, 0x28] + Array(#""}]}"#.utf8)
    #expect(throws: DatasetError.self) { try Self.items(in: bytes) }
  }

  @Test("a file that is not there is told as such")
  func missing() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "none.json")
    #expect(throws: DatasetError.missing(path: file.path)) {
      try JSONElements(file).elements(Item.self) { _, _ in }
    }
  }
}
