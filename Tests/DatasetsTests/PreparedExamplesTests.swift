import Datasets
import Foundation
import Testing

@Suite struct PreparedExamplesTests {
  private struct Line: Encodable {
    var split: Split
    var source: String
    var target: String
    var references: [String]
    var group: String?
  }

  @Test(
    "each downloaded data set prepares its small files as recorded",
    arguments: SampleFiles.datasets.map(\.id))
  func prepared(_ id: DatasetID) throws {
    let dataset = try #require(SampleFiles.datasets.first { $0.id == id })
    for file in try dataset.files(in: SampleFiles.folder) {
      try #require(
        FileManager.default.fileExists(atPath: file.path),
        "'\(id)' needs a small file of its format at Tests/DatasetsTests/Samples/…: \(file.path)")
    }
    try Snapshot.check(lines(of: dataset, as: .corrected), named: "\(id).jsonl")
    let published = try lines(of: dataset, as: .asPublished)
    if dataset.publishedDifference == nil {
      #expect(try published == lines(of: dataset, as: .corrected))
    } else {
      try Snapshot.check(published, named: "\(id).as-published.jsonl")
    }
  }

  /// The first five examples of each split, a line each.
  private func lines(of dataset: any PublishedDataset, as form: DataForm) throws -> String {
    let prepared = try dataset.load(from: SampleFiles.folder, as: Preparation(form: form))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = ""
    for split in Split.allCases {
      #expect(!prepared[split].isEmpty, "\(split)")
      for example in prepared[split].prefix(5) {
        let line = Line(
          split: split, source: example.source, target: example.target,
          references: example.references, group: example.group)
        text += String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
      }
    }
    return text
  }

  @Test("a data set that can name its texts otherwise does so, and writes classes in given words")
  func otherWords() throws {
    let preparation = Preparation(
      template: "{sentence2} because {sentence1}?", labelWords: ["0": "yes", "1": "no"])
    let prepared = try RTE().load(from: SampleFiles.folder, as: preparation)
    #expect(
      prepared[.train][0]
        == Example(
          source: "The pool is closed. because The council closed the old pool in March.?",
          target: "yes"))
    let plain = try RTE().load(from: SampleFiles.folder)
    #expect(
      Split.allCases.allSatisfy { split in
        zip(plain[split], prepared[split]).allSatisfy {
          preparation.ownWord(for: $1.target) == $0.target
        }
      })
  }
}
