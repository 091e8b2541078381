import Datasets
import DeptTesting
import Testing

@Suite struct ReCoRDSplitTests {
  /// Four training queries and two of the published validation part, with one to three answers.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    func lines(_ name: String, _ counts: [Int]) -> String {
      counts.enumerated().map { number, count in
        let answers = (0..<count).map { #"{"text": "\#(name)\#(number)\#($0)"}"# }
        return
          #"{"passage": {"text": "t", "entities": []}, "qas": [{"query": "\#(name)\#(number)", "#
          + #""answers": [\#(answers.joined(separator: ", "))]}]}"# + "\n"
      }.joined()
    }
    try folder.write(lines("q", [3, 1, 2, 1]), to: "record/ReCoRD/train.jsonl")
    try folder.write(lines("v", [2, 1]), to: "record/ReCoRD/val.jsonl")
    return folder
  }

  @Test("a query trains with each of its answers and is judged by all of them, once")
  func corrected() throws {
    let folder = try folder()
    let data = try ReCoRD().load(from: folder.url)
    #expect(data[.test].map(\.references) == [["v00", "v01"], ["v10"]])
    #expect(Set(data[.validation].map(\.source)).count == 2)
    #expect(data[.validation].count == 2)
    #expect(Set(data[.train].map(\.target)) == Set(data[.train].flatMap(\.references)))
    #expect(data[.train].count == Set(data[.train].map(\.target)).count)
    let trained = Set(data[.train].map(\.source))
    #expect(trained.isDisjoint(with: data[.validation].map(\.source)))
    #expect(trained.count == 2)
  }

  @Test("as published, every split repeats queries and accepts one answer")
  func published() throws {
    let folder = try folder()
    let data = try ReCoRD().load(from: folder.url, as: Preparation(form: .asPublished))
    #expect(data[.test].map(\.target) == ["v00", "v01", "v10"])
    for split in [Split.train, .validation, .test] {
      #expect(data[split].allSatisfy { $0.references == [$0.target] })
    }
    #expect(data[.train].count + data[.validation].count == 7)
  }
}
