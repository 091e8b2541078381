import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Training

/// `dept evaluate`: the scores of an adapter on data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score an adapter on a data set or a JSON Lines file.",
    discussion: """
      dept evaluate --backbone nano --adapter runs/sst2 --data sst2:test --json

      With --decode labels nothing is written: the answer is the most probable label of the data \
      set, or of those named by --label.
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var adapterOptions: AdapterOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "NAME[:train|validation|test] (default: test), or a JSON Lines file.")
  var data: String
  @Option(help: "The longest source in tokens (default: the data set's).") var sourceLength: Int?
  @Option(help: "At most so many new tokens (default: the data set's).") var maxLength: Int?
  @OptionGroup var decodingOptions: DecodingOptions
  @Flag(help: "Print one JSON document.") var json = false

  private struct Answer: Encodable {
    let data: String
    let examples: Int
    let scores: [String: Double]
  }

  func validate() throws {
    guard (maxLength ?? 1) > 0, (sourceLength ?? 1) > 0 else {
      throw ValidationError("--max-length and --source-length must be at least 1")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let (dataset, examples) = try surroundings.examples(of: data, standardSplit: .test)
    guard !examples.isEmpty else {
      throw Failure(.invalid, "\(data) holds no example to evaluate on; give another file or split")
    }
    let decoding = try decodingOptions.plan(
      maximumLength: maxLength ?? dataset.targetLength, on: dataset)
    let model = try adapterOptions.model(backboneOptions.load(surroundings), on: data)
    let limit = sourceLength ?? dataset.sourceLength
    let evaluator = Evaluator(
      metrics: dataset.metrics, decoding: decoding,
      sourceLength: min(limit, adapterOptions.longestSource ?? limit))
    try evaluator.checkRoom(model, for: examples)
    let scores = evaluator.scores(model, on: examples)
    if json {
      return try Output.json(Answer(data: data, examples: examples.count, scores: scores))
    }
    for metric in dataset.metrics {
      let score = scores[metric.name.rawValue] ?? 0
      print("\(metric.name) \((100 * score).rounded(to: 2)) on \(examples.count) examples")
    }
  }
}

extension Surroundings {
  /// The examples that `NAME[:split]` or a JSON Lines file names, and the data set they belong to.
  ///
  /// - Throws: `DatasetError`, or `Failure` for a split that does not exist.
  func examples(of name: String, standardSplit: Split) throws -> (any Dataset, [Example]) {
    if name.hasSuffix(".jsonl"), FileManager.default.fileExists(atPath: name) {
      let dataset = OwnDataset(DatasetID(rawValue: name))
      return (dataset, try OwnDataset.examples(in: URL(filePath: name)))
    }
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    var split = standardSplit
    if parts.count == 2 {
      guard let named = Split(rawValue: parts[1]) else {
        throw Failure(
          .usage, "There is no split '\(parts[1])'; splits are train, validation, test.")
      }
      split = named
    }
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: parts[0]))
    let prepared = try dataset.load(from: dataDirectory)
    return (dataset, prepared[split])
  }
}
