import Datasets
import DeptTesting
import Foundation
import Testing

@Suite struct MalformedFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var testDescription: String { message }
  }

  static let tables = [
    Case(
      text: "text\tlabel\na\t1\n",
      message: ":1: expected a column 'sentence', found only text, label"),
    Case(
      text: "sentence\tlabel\na\t1\nb\n",
      message: ":3: expected 2 tab-separated fields, found 1"),
    Case(
      text: "sentence\tlabel\na\tb\t1\n",
      message: ":2: expected 2 tab-separated fields, found 3"),
    Case(
      text: "sentence\tlabel\na\t2\n",
      message: ":2: field 'label': expected one of 0, 1, found '2'"),
    Case(
      text: "",
      message: ":1: expected a header line with the columns sentence, label, found an empty file"),
  ]

  @Test("a table that is not as expected is refused with its line", arguments: tables)
  func table(_ expected: Case) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(expected.text, to: "train.tsv")
    let error = #expect(throws: DatasetError.self) { try SST2().examples(in: file) }
    let message = "\(try #require(error))".dropFirst(file.path.count)
    #expect(message == expected.message)
  }

  static let lines = [
    Case(
      text: #"{"source": "a", "target": "b"}"# + "\n\n" + #"{"source": "a"}"#,
      message: ":3: field 'target': expected this field, found only source: name the target with "
        + "--target-column, in an experiment .targetColumn"),
    Case(
      text: #"{"source": [3], "target": "b"}"#,
      message: ":1: field 'source': expected a text, found an array"),
    Case(
      text: #"{"source": "a", "target": null}"#,
      message: ":1: field 'target': expected a text, found null"),
    Case(
      text: #"{"source": "a", "target": "b", "references": "c"}"#,
      message: ":1: field 'references': expected a list, found a string"),
    Case(
      text: #"{"source": "a", "target": "b", "references": ["c", {}]}"#,
      message: ":1: field 'references.[1]': expected a text, found a dictionary"),
    Case(
      text: #"{"source": "a", "target": "b", "references": []}"#,
      message: ":1: field 'references': expected at least one text, found an empty list: leave "
        + "the field out"),
    Case(
      text: #"{"source": "a", "target": "b""#,
      message: ":1:30: expected a JSON object (the line ends too early)"),
    Case(
      text: #"{"source": "a" "target": "b"}"#,
      message: ":1:16: expected a JSON object (Invalid value)"),
    Case(
      text: #"["source", "target"]"#,
      message: ":1: expected an object, found an array"),
    Case(text: "source\ttarget", message: ":1:1: expected a JSON object (Invalid value)"),
  ]

  @Test("a JSON line that is not as expected is refused with its place", arguments: lines)
  func jsonLine(_ expected: Case) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(expected.text, to: "own.jsonl")
    let error = #expect(throws: DatasetError.self) {
      try OwnDataset.examples(in: file)
    }
    let message = "\(try #require(error))".dropFirst(file.path.count)
    #expect(message == expected.message)
  }

  struct Bytes: Sendable {
    var name: String
    var bytes: [UInt8]
    var message: String
  }

  static let encodings = [
    Bytes(
      name: "a.tsv", bytes: Array("source\ttarget\na".utf8) + [0xFF, 0xFE, 0x09, 0x62],
      message: ":2: field 'source': expected UTF-8 text: save the file as UTF-8"),
    Bytes(
      name: "a.csv", bytes: Array("source,target\n\"a\nb\",".utf8) + [0xC3, 0x0A],
      message: ":2: field 'target': expected UTF-8 text: save the file as UTF-8"),
    Bytes(
      name: "a.jsonl",
      bytes: Array(#"{"source": "a"#.utf8) + [0xE9] + Array(#"", "target": "b"}"#.utf8),
      message: ":1: expected UTF-8 text: save the file as UTF-8"),
    Bytes(
      name: "a.jsonl", bytes: [0xFF, 0xFE, 0x7B, 0x00],
      message: ":1: expected UTF-8 text, found UTF-16: save the file as UTF-8"),
    Bytes(
      name: "a.csv", bytes: [0xFE, 0xFF, 0x00, 0x61],
      message: ":1: expected UTF-8 text, found UTF-16: save the file as UTF-8"),
    Bytes(
      name: "a.tsv", bytes: Array("source\ttarget\ra\tb".utf8),
      message: ":1:14: expected no carriage return within a line: end lines with LF or CRLF"),
  ]

  @Test("text in another encoding is refused with its line and the remedy", arguments: encodings)
  func encoding(_ expected: Bytes) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: expected.name)
    try Data(expected.bytes).write(to: file)
    let error = #expect(throws: DatasetError.self) { try OwnDataset.examples(in: file) }
    #expect("\(try #require(error))" == file.path + expected.message)
  }

  @Test("a published part without an example is refused, and so is a raw line that is too short")
  func empty() throws {
    let folder = try TemporaryFolder()
    let header = "id\tsentence1\tsentence2\tlabel\n"
    for part in ["train", "test"] {
      try folder.write(header + "1\ta\tb\t0\n", to: "paws/final/\(part).tsv")
    }
    let file = try folder.write(header, to: "paws/final/dev.tsv")
    #expect(throws: DatasetError.empty(path: file.path)) { try PAWS().load(from: folder.url) }
    let raw = try folder.write("\"1\",\"good\"\n\"2\"\n", to: "train.csv")
    let error = #expect(throws: DatasetError.self) {
      try Yelp().examples(in: raw, as: Preparation(form: .asPublished))
    }
    #expect("\(try #require(error))".hasPrefix("\(raw.path):2: expected \"1\",\"text\""))
  }
}
