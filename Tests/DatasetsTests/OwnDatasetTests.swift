import Datasets
import DeptTesting
import Foundation
import Testing

@Suite struct OwnDatasetTests {
  @Test("references default to the target")
  func references() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "\u{FEFF}" + #"{"source": "s", "target": "t"}"# + "\r\n"
        + #"{"source": "s", "target": "t", "references": ["u", "t"], "idx": 4}"# + "\n",
      to: "a.jsonl")
    let examples = try OwnDataset.examples(in: file)
    #expect(examples.map(\.references) == [["t"], ["u", "t"]])
  }

  @Test("a folder with all three files is taken as it is")
  func folder() throws {
    let folder = try TemporaryFolder()
    try write(5, to: "d/train.jsonl", folder)
    try write(2, to: "d/validation.jsonl", folder)
    try write(3, to: "d/test.jsonl", folder)
    #expect(try sizes(folder, "d") == [5, 2, 3])
  }

  @Test("NAME.jsonl stands for NAME.train.jsonl and its siblings, and so does each of them")
  func family() throws {
    let folder = try TemporaryFolder()
    try write(5, to: "mine.train.jsonl", folder)
    try write(2, to: "mine.validation.jsonl", folder)
    try write(3, to: "mine.test.jsonl", folder)
    for name in ["mine.jsonl", "mine", "mine.train.jsonl", "mine.test.jsonl"] {
      #expect(try sizes(folder, name) == [5, 2, 3])
    }
  }

  @Test("a missing test or validation file is made from half of the other")
  func halved() throws {
    let folder = try TemporaryFolder()
    try write(5, to: "d/train.jsonl", folder)
    try write(7, to: "d/test.jsonl", folder)
    #expect(try sizes(folder, "d") == [5, 3, 4])
  }

  @Test("one file is split by tenths, always in the same way, and nothing is lost")
  func single() throws {
    let folder = try TemporaryFolder()
    try write(40, to: "all.jsonl", folder)
    #expect(try sizes(folder, "all.jsonl") == [32, 4, 4])
    let id = DatasetID(rawValue: folder.url.appending(path: "all.jsonl").path)
    let first = try OwnDataset(id).load(from: folder.url)
    #expect(try OwnDataset(id).load(from: folder.url) == first)
    #expect(Set(Split.allCases.flatMap { first[$0].map(\.source) }).count == 40)
    try write(2, to: "all.jsonl", folder)
    #expect(throws: DatasetError.tooFew(id, count: 2, needed: 3)) {
      try OwnDataset(id).load(from: folder.url)
    }
  }

  @Test("test data alone have no training examples")
  func testOnly() throws {
    let folder = try TemporaryFolder()
    try write(3, to: "d/test.jsonl", folder)
    #expect(try sizes(folder, "d") == [0, 0, 3])
  }

  @Test("a path without a file, and a folder without one, are named")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "none.jsonl").path
    #expect(throws: DatasetError.missing(path: path)) {
      try OwnDataset(DatasetID(rawValue: path)).load(from: folder.url)
    }
    #expect(throws: DatasetError.missing(path: folder.url.appending(path: "train.jsonl").path)) {
      try OwnDataset(DatasetID(rawValue: folder.url.path)).load(from: folder.url)
    }
  }

  private func write(_ count: Int, to path: String, _ folder: TemporaryFolder) throws {
    let lines = (0..<count).map { #"{"source": "\#($0)", "target": "\#($0 % 2)"}"# + "\n" }
    try folder.write(lines.joined(), to: path)
  }

  private func sizes(_ folder: TemporaryFolder, _ path: String) throws -> [Int] {
    let id = DatasetID(rawValue: folder.url.appending(path: path).path)
    let prepared = try DatasetCatalogue.standard.dataset(id).load(from: folder.url)
    return Split.allCases.map { prepared[$0].count }
  }
}
