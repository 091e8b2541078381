import ArgumentParser
import Backbones
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

      An adapter knows how its examples were worded and cut, and is judged on the same unless \
      options say otherwise.
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var adapterOptions: AdapterOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "NAME[:train|validation|test] (default: test), or a JSON Lines file.")
  var data: String
  @Option(help: "The longest source in tokens (default: as the adapter was trained).")
  var sourceLength: Int?
  @Option(help: "At most so many new tokens (default: the data set's).") var maxLength: Int?
  @OptionGroup var decodingOptions: DecodingOptions
  @OptionGroup var preparationOptions: PreparationOptions
  @Option(help: "Which end of a longer source is lost (default: as the adapter was trained).")
  var truncate: Truncation?
  @Option(
    parsing: .singleValue,
    help: "Judge by this metric; repeat for more (default: those of the data set).")
  var metric: [String] = []
  @Option(help: "Write each answer with how well it did, as JSON Lines.") var output: String?
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
    let reading = adapterOptions.reading
    let (dataset, examples, preparation) = try surroundings.examples(
      of: data, standardSplit: .test, preparationOptions,
      orElse: reading?.preparation ?? .standard)
    guard !examples.isEmpty else {
      throw Failure(.invalid, "\(data) holds no example to evaluate on; give another file or split")
    }
    let metrics = try metrics(of: dataset)
    if let output { try Output.checkWritable(output) }
    let decoding = try decodingOptions.plan(
      maximumLength: maxLength ?? dataset.targetLength, on: dataset, as: preparation)
    let model = try adapterOptions.model(backboneOptions.load(surroundings), on: data)
    let limit = sourceLength ?? reading?.sourceLength ?? dataset.sourceLength
    let evaluator = Evaluator(
      metrics: metrics, decoding: decoding,
      sourceLength: min(limit, adapterOptions.longestSource ?? limit),
      truncation: truncate ?? reading?.truncation ?? .end, preparation: preparation)
    try evaluator.checkRoom(model, for: examples)
    let predictions = evaluator.predictions(model, on: examples)
    let scores = metrics.scores(of: predictions)
    if let output {
      try Output.write(PredictionFile(predictions, metrics: metrics).data(), to: output)
    }
    if json {
      return try Output.json(Answer(data: data, examples: examples.count, scores: scores))
    }
    for metric in metrics {
      let score = scores[metric.name.rawValue] ?? 0
      print("\(metric.name) \((100 * score).rounded(to: 2)) on \(examples.count) examples")
    }
  }

  /// The metrics that are named, or those of the data set.
  private func metrics(of dataset: any Dataset) throws -> [Metric] {
    guard !metric.isEmpty else { return dataset.metrics }
    return try metric.map { try MetricCommand.metric(named: $0) }
  }
}
