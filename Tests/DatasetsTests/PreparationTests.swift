import Datasets
import Foundation
import Testing

@Suite struct PreparationTests {
  @Test("what is as the data set has it is not written")
  func defaults() throws {
    func text(_ preparation: Preparation) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(preparation), as: UTF8.self)
    }
    #expect(try text(.standard) == "{}")
    let all = Preparation(
      template: "{a}", labelWords: ["0": "no"], targetColumn: "b", form: .asPublished)
    #expect(
      try text(all)
        == #"{"form":"as-published","labelWords":{"0":"no"},"targetColumn":"b","template":"{a}"}"#)
    for preparation in [Preparation.standard, all] {
      let data = Data(try text(preparation).utf8)
      #expect(try JSONDecoder().decode(Preparation.self, from: data) == preparation)
    }
  }

  struct Case: Sendable {
    var id: DatasetID
    var preparation: Preparation
    var problem: String?
  }

  static let cases = [
    Case(id: "rte", preparation: Preparation(template: "{sentence1}"), problem: nil),
    Case(
      id: "rte", preparation: Preparation(template: "{sentence}"),
      problem: "the template names {sentence}, which 'rte' does not have; it has {sentence1}, "
        + "{sentence2}"),
    Case(
      id: "gen-sentiment", preparation: Preparation(template: "{sentence}"),
      problem: "'gen-sentiment' is made as whole texts and takes no template; leave the template "
        + "out"),
    Case(
      id: "sst2", preparation: Preparation(labelWords: ["2": "x"]),
      problem: "label words are given for '2', which is no class of 'sst2'; it has '0' (negative), "
        + "'1' (positive)"),
    Case(
      id: "sst2", preparation: Preparation(labelWords: ["0": "1"]),
      problem: "two classes of 'sst2' would both be written '1'; give each its own word"),
    Case(
      id: "stsb", preparation: Preparation(labelWords: ["0.0": "none"]),
      problem: "'stsb' has no classes to give words to: its answers are free text; leave the label "
        + "words out"),
    Case(
      id: "sst2", preparation: Preparation(targetColumn: "label"),
      problem: "'sst2' has its own target; a target column is named for own data only"),
    Case(
      id: "./own.csv",
      preparation: Preparation(
        template: "{anything}", labelWords: ["a": "x", "b": "y"], targetColumn: "other"),
      problem: nil),
    Case(
      id: "./own.csv", preparation: Preparation(labelWords: ["a": "x", "b": "x"]),
      problem: "two classes of './own.csv' would both be written 'x'; give each its own word"),
  ]

  @Test("what a data set cannot do is said in one sentence", arguments: cases)
  func problems(_ expected: Case) throws {
    let dataset = try DatasetCatalogue.standard.dataset(expected.id)
    #expect(expected.preparation.problems(with: dataset) == (expected.problem.map { [$0] } ?? []))
  }

  @Test("loading refuses what cannot be done before it looks at the examples")
  func refused() {
    #expect(throws: DatasetError.self) {
      try RTE().load(from: SampleFiles.folder, as: Preparation(template: "{nothing}"))
    }
  }

  @Test("every template names texts that the data set has, and has no mistake")
  func catalogue() {
    for dataset in DatasetCatalogue.standard.datasets {
      guard let template = dataset.template else { continue }
      #expect(Preparation(template: template).problems(with: dataset).isEmpty, "\(dataset.id)")
    }
  }
}
