import Datasets
import DeptTesting
import Foundation
import Testing

/// Own data in the three formats, with columns of their own.
@Suite struct OwnTableTests {
  private func examples(
    _ text: String, in name: String, as preparation: Preparation = .standard
  ) throws -> [Example] {
    let folder = try TemporaryFolder()
    return try OwnDataset.examples(in: folder.write(text, to: name), as: preparation)
  }

  static let files = [
    (
      "a.csv",
      "id,source,target,references,group\r\n"
        + "1,\"a, \"\"b\"\"\",yes,\"[\"\"yes\"\", \"\"y\"\"]\",g\r\n2,c,no,,\r\n"
    ),
    (
      "a.tsv",
      "id\tsource\ttarget\treferences\tgroup\n1\ta, \"b\"\tyes\t[\"yes\", \"y\"]\tg\n2\tc\tno\t\t"
    ),
    (
      "a.jsonl",
      #"{"id": 1, "source": "a, \"b\"", "target": "yes", "references": ["yes", "y"], "group": "g"}"#
        + "\n" + #"{"source": "c", "target": "no", "references": null}"#
    ),
  ]

  @Test("the three formats give the same examples", arguments: files)
  func formats(_ name: String, _ text: String) throws {
    #expect(
      try examples(text, in: name) == [
        Example(source: "a, \"b\"", target: "yes", references: ["yes", "y"], group: "g"),
        Example(source: "c", target: "no"),
      ])
  }

  @Test("numbers and truth values of JSON become texts")
  func values() throws {
    let text = """
      {"source": 12, "target": true, "references": [true, 0.5, -3, "x"]}
      {"source": 0.1, "target": 12345678901234567890}
      """
    let examples = try examples(text, in: "a.jsonl")
    #expect(examples.map(\.source) == ["12", "0.1"])
    #expect(examples.map(\.target) == ["true", "12345678901234567890"])
    #expect(examples[0].references == ["true", "0.5", "-3", "x"])
  }

  @Test("a template names any columns, and a target column what is written, in given words")
  func columns() throws {
    let preparation = Preparation(
      template: "{head} says: {body}", labelWords: ["1": "good"], targetColumn: "score")
    let csv = "score,body,head,source\n1,\"Hi, you\",Ann,-\n2,Bye,Ben,-\n"
    let json =
      #"{"score": 1, "body": "Hi, you", "head": "Ann"}"#
      + "\n" + #"{"score": 2, "body": "Bye", "head": "Ben"}"#
    for (name, text) in [("a.csv", csv), ("a.jsonl", json)] {
      #expect(
        try examples(text, in: name, as: preparation) == [
          Example(source: "Ann says: Hi, you", target: "good"),
          Example(source: "Ben says: Bye", target: "2"),
        ])
    }
  }

  @Test(
    "a column that is not there is named with those that are",
    arguments: [
      (
        "a.csv", "x,target\n",
        ":1: field 'source': expected this column, found only x, target: name columns in a "
          + "template, --template \"{text}\", in an experiment .template"
      ),
      (
        "a.tsv", "source\tx\n",
        ":1: field 'target': expected this column, found only source, x: name the target with "
          + "--target-column, in an experiment .targetColumn"
      ),
      (
        "a.jsonl", #"{"x": 1, "target": "b"}"#,
        ":1: field 'source': expected this field, found only target, x: name columns in a "
          + "template, --template \"{text}\", in an experiment .template"
      ),
      (
        "a.csv", "source,target,references\na,b,c\n",
        ":2: field 'references': expected a JSON list of texts such as [\"yes\", \"no\"], found 'c'"
      ),
      (
        "a.csv", "source,target,references\na,b,[]\n",
        ":2: field 'references': expected at least one text, found an empty list: leave the field "
          + "out"
      ),
    ])
  func missing(_ name: String, _ text: String, _ message: String) throws {
    let error = #expect(throws: DatasetError.self) { try examples(text, in: name) }
    #expect("\(try #require(error))".hasSuffix(name + message))
  }

  @Test("paths are known by their extensions")
  func names() {
    for name in ["a.jsonl", "b.csv", "c.TSV"] {
      #expect(OwnDataset.isFile(name) && OwnDataset.isPath(DatasetID(rawValue: name)))
    }
    #expect(!OwnDataset.isFile("csv") && !OwnDataset.isFile("a.txt"))
    #expect(OwnDataset.isPath("./a") && !OwnDataset.isPath("rte"))
  }

  @Test("a folder holds tables of any format, but each split once")
  func folder() throws {
    let folder = try TemporaryFolder()
    try folder.write("source,target\na,0\nb,1\n", to: "d/train.csv")
    try folder.write("source\ttarget\na\t0\nb\t1\n", to: "d/validation.tsv")
    try folder.write(#"{"source": "c", "target": "1"}"#, to: "d/test.jsonl")
    let dataset = OwnDataset(DatasetID(rawValue: folder.url.appending(path: "d").path))
    let prepared = try dataset.load(from: folder.url)
    #expect(Split.allCases.map { prepared[$0].count } == [2, 2, 1])
    try folder.write("source,target\na,0\n", to: "d/test.csv")
    let error = #expect(throws: DatasetError.self) { try dataset.load(from: folder.url) }
    #expect(
      "\(try #require(error))".hasSuffix(
        "d/test.jsonl and test.csv both hold the test examples; leave one of them there"))
  }

  @Test("NAME.csv stands for NAME.train.csv and its siblings")
  func family() throws {
    let folder = try TemporaryFolder()
    try folder.write("source,target\na,0\nb,1\n", to: "mine.train.csv")
    try folder.write("source,target\na,0\nb,1\n", to: "mine.test.csv")
    for name in ["mine.csv", "mine", "mine.test.csv"] {
      let id = DatasetID(rawValue: folder.url.appending(path: name).path)
      let prepared = try OwnDataset(id).load(from: folder.url)
      #expect(Split.allCases.map { prepared[$0].count } == [2, 1, 1])
    }
  }

  @Test("words for a target that no example has, and a file without an example, are refused")
  func unused() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("source,target\na,0\nb,1\nc,1\n", to: "a.csv")
    let id = DatasetID(rawValue: file.path)
    let words = Preparation(labelWords: ["0": "no", "yes": "1"])
    let error = #expect(throws: DatasetError.self) {
      try OwnDataset(id).load(from: folder.url, as: words)
    }
    #expect(
      "\(try #require(error))"
        == "label words are given for 'yes', which is the target of no example of '\(id)'; spell "
        + "the class as the data do")
    try folder.write("source,target\n", to: "a.csv")
    #expect(throws: DatasetError.empty(path: file.path)) {
      try OwnDataset(id).load(from: folder.url)
    }
  }
}
