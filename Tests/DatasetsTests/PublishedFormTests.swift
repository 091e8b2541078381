import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing

/// Where the paper's code does otherwise than it says, both readings.
@Suite struct PublishedFormTests {
  private func scores(_ scores: [String], _ form: DataForm) throws -> [Example] {
    let folder = try TemporaryFolder()
    let rows = scores.map { "a\tb\t\($0)\n" }.joined()
    let file = try folder.write("sentence1\tsentence2\tscore\n" + rows, to: "train.tsv")
    return try STSB().examples(in: file, as: Preparation(form: form))
  }

  @Test("STS-B writes fifths, ties to the even one, and is judged by what people said")
  func fifths() throws {
    let given = ["0.000", "3.800", "4.750", "2.500", "0.5", "0.7", "3.500", "1.333", "5"]
    let examples = try scores(given, .corrected)
    #expect(
      examples.map(\.target) == ["0.0", "3.8", "4.8", "2.4", "0.4", "0.8", "3.6", "1.4", "5.0"])
    #expect(examples.map(\.references) == given.map { [$0] })
  }

  @Test("STS-B as published writes tenths as NumPy rounds them, and is judged by those")
  func tenths() throws {
    let examples = try scores(["3.799", "4.250", "4.750", "2.35", "2.45", "1.333"], .asPublished)
    #expect(examples.map(\.target) == ["3.8", "4.2", "4.8", "2.3", "2.5", "1.3"])
    #expect(examples.allSatisfy { $0.references == [$0.target] })
  }

  @Test("Pearson's correlation is with the scores as given")
  func correlation() throws {
    let examples = try scores(["0.3", "2.5", "4.9"], .corrected)
    let exact = examples.map { Prediction($0.references[0], references: $0.references) }
    let rounded = examples.map { Prediction($0.target, references: $0.references) }
    #expect(Metric.pearson.score(exact) == 1)
    #expect(Metric.pearson.score(rounded) < 1)
  }

  @Test("STS-B's few-shot classes part at 2.5, which is of the lower one")
  func halves() throws {
    let examples = try scores(["2.5", "2.51", "0", "5"], .corrected)
    #expect(examples.map { STSB().fewShotClass(of: $0) } == ["0", "1", "0", "1"])
  }

  @Test("a score that is none is refused", arguments: ["5.1", "-1", "nan", "", "four"])
  func noScore(_ score: String) throws {
    let error = #expect(throws: DatasetError.self) { try scores([score], .corrected) }
    #expect(
      "\(try #require(error))".hasSuffix(
        ":2: field 'score': expected a number from 0 to 5, found '\(score)'"))
  }

  @Test("WinoGrande shows both options; as published the first one twice")
  func options() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"sentence": "A _ b.", "option1": "x", "option2": "y", "answer": "2"}"#, to: "dev.jsonl")
    let right = try WinoGrande().examples(in: file)
    #expect(right == [Example(source: "sentence: A _ b. option0: x option1: y", target: "1")])
    let published = try WinoGrande().examples(in: file, as: Preparation(form: .asPublished))
    #expect(published[0].source == "sentence: A _ b. option0: x option1: x")
  }

  @Test("Yelp's escapes and doubled quotes are resolved; as published they stay")
  func escapes() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #""1","One\nTwo \""three\"", ""four"", \d""# + "\n" + #""2","é""# + "\n", to: "train.csv")
    let right = try Yelp().examples(in: file)
    #expect(
      right == [
        Example(source: "sentence: One\nTwo \"three\", \"four\", \\d", target: "0"),
        Example(source: "sentence: é", target: "1"),
      ])
    let published = try Yelp().examples(in: file, as: Preparation(form: .asPublished))
    #expect(
      published.map(\.source) == [
        #"sentence: One\nTwo \""three\"", ""four"", \d"#, "sentence: é",
      ])
  }

  @Test("QQP leaves out lines without a question, MRPC tells its parts by the pairs")
  func parts() throws {
    let qqp = SampleFiles.folder.appending(path: "qqp/QQP/train.tsv")
    #expect(try QQP().examples(in: qqp).count == 8)
    let mrpc = SampleFiles.folder.appending(path: "mrpc/msr_paraphrase_train.txt")
    #expect(try MRPC().examples(in: mrpc, of: .train).count == 9)
    #expect(try MRPC().examples(in: mrpc, of: .validation).count == 7)
  }
}
