import Datasets
import DeptTesting
import Foundation
import Testing

@Suite struct LabelWordTests {
  @Test("words are read back as the data set's own, white space aside; replaced ones are no answer")
  func readBack() {
    let words = Preparation(labelWords: ["0": " no", "1": "yes "])
    #expect(["no", " no ", "yes", "yes\n"].map(words.ownWord) == ["0", "0", "1", "1"])
    #expect(["0", " 1 ", "maybe", ""].map(words.ownWord) == ["'0'", "'1'", "maybe", ""])
    let some = Preparation(labelWords: ["0": "2", "2": "x"])
    #expect(["2", "x", "1", "0"].map(some.ownWord) == ["0", "2", "1", "'0'"])
    #expect(Preparation.standard.ownWord(for: " 0 ") == " 0 ")
  }

  @Test(
    "words that a model could not be read by are refused",
    arguments: [
      (["0": "", "1": "yes"], "would be written as nothing"),
      (["0": "  ", "1": "yes"], "would be written as nothing"),
      (["0": "yes ", "1": " yes"], "would both be written 'yes'"),
      (["0": "1"], "would both be written '1'"),
    ])
  func refused(words: [String: String], problem: String) {
    let problems = Preparation(labelWords: words).problems(with: RTE())
    #expect(problems.count == 1 && problems[0].contains(problem), "\(problems)")
  }

  @Test("of own data, a word must be for one class that there is")
  func ownData() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("source,target\na,0\nb,1\nc,0\nd,1\n", to: "own.csv")
    func problem(_ words: [String: String]) -> String? {
      do {
        _ = try OwnDataset.examples(in: file, as: Preparation(labelWords: words))
        return nil
      } catch {
        let id = DatasetID(rawValue: file.path)
        #expect(throws: DatasetError.self) {
          try OwnDataset(id).load(from: folder.url, as: Preparation(labelWords: words))
        }
        return "\(error)"
      }
    }
    #expect(problem(["0": "no", "1": "yes"]) == nil)
    #expect(problem(["0": "no"]) == nil)
    #expect(
      problem(["0": "no", "2": "yes"])?.contains("for '2', which is the target of no") == true)
    #expect(problem(["0": "1"])?.contains("'1' is also what other examples") == true)
    #expect(problem(["0": "1", "1": "0"]) == nil)
  }

  @Test("a literal that is no template, or names no text, is a problem and no crash")
  func literals() throws {
    let broken = Preparation(template: "{sentence1")
    #expect(broken.problems(with: RTE()).first?.contains("has a '{' without a name") == true)
    #expect(throws: DatasetError.self) {
      try GeneratedDataset(.sentiment).load(from: URL(filePath: "."), as: broken)
    }
    let empty = Preparation(template: "all alike")
    #expect(empty.problems(with: RTE()).first?.contains("names no text") == true)
    let again = try JSONDecoder().decode(
      Preparation.self, from: JSONEncoder().encode(broken))
    #expect(again == broken)
  }

  @Test("a table's empty field, an unknown kind of file and other words for validation")
  func ownFiles() throws {
    let folder = try TemporaryFolder()
    let holes = try folder.write("source,target\na,0\n,1\n", to: "holes.csv")
    let error = #expect(throws: DatasetError.self) { try OwnDataset.examples(in: holes) }
    #expect(
      "\(try #require(error))".hasSuffix(
        "holes.csv:3: field 'source': expected a text, found an empty field: fill it in, or leave "
          + "the row out"))
    let other = try folder.write("text,stars\na,0\n", to: "other.csv")
    let missing = #expect(throws: DatasetError.self) { try OwnDataset.examples(in: other) }
    #expect("\(try #require(missing))".contains("--template \"{text}\""))
    let text = try folder.write("a", to: "a.txt")
    let kind = #expect(throws: DatasetError.self) {
      try OwnDataset(DatasetID(rawValue: text.path)).load(from: folder.url)
    }
    #expect("\(try #require(kind))".contains("save it as .jsonl"))
    for name in ["train", "dev", "test"] {
      try folder.write("source,target\n\(name),0\n", to: "parts/\(name).csv")
    }
    let id = DatasetID(rawValue: folder.url.appending(path: "parts").path)
    let prepared = try OwnDataset(id).load(from: folder.url)
    #expect(prepared[.validation].map(\.source) == ["dev"])
    #expect(prepared[.test].map(\.source) == ["test"])
  }
}
