import ArgumentParser
import Datasets
import Evaluation
import Foundation

/// `dept metric`: the score of predictions in a file.
struct MetricCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric", abstract: "Score predictions that are in a file.",
    discussion: """
      Each line is {"prediction": "…", "references": ["…"]}; for MultiRC also "group": the \
      question that the answer belongs to, a text or a whole number. Scores are fractions from 0 \
      to 1, correlations from -1 to 1, CIDEr from 0 to 10 (papers print a hundred times that).

      Metrics of captions (BLEU, ROUGE-L, CIDEr) tokenise texts as the COCO captions are; with \
      --pretokenized they split them at spaces.

      Metrics:
      \(Metric.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

      Example:
        dept metric squad-f1 --input predictions.jsonl --json
      """)

  @Argument(help: "The metric's name.") var name: String
  @Option(help: "A JSON Lines file.") var input: String
  @Flag(help: "Texts are tokenised already: for metrics that would tokenise them.")
  var pretokenized = false
  @Option(help: "A JSON Lines file to write: {\"outcome\": X} for each prediction, in order.")
  var outcomes: String?
  @Flag(help: "Print one JSON document.") var json = false

  private struct Line: Decodable {
    let prediction: String
    let references: [String]
    let group: PredictionGroup?
  }

  private struct Answer: Encodable {
    let metric: String
    let score: Double
    let n: Int
  }

  private struct OutcomeLine: Encodable {
    let outcome: Double
  }

  func run() throws {
    let metric = try metric()
    let file = URL(filePath: input)
    if let outcomes, URL(filePath: outcomes).standardizedFileURL == file.standardizedFileURL {
      throw Failure(.usage, "--outcomes would replace --input; give it another name")
    }
    var predictions: [Prediction] = []
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      guard !line.references.isEmpty else {
        throw place.malformed(
          field: "references", "expected at least one text, found an empty list")
      }
      predictions.append(
        Prediction(line.prediction, references: line.references, group: line.group?.name))
    }
    guard !predictions.isEmpty else {
      throw Failure(.invalid, "\(file.path) holds no predictions: give one JSON object a line")
    }
    if metric == .multiRCExactMatch, predictions.allSatisfy({ $0.group == nil }) {
      Output.note("dept: no line has a \"group\", so that every answer is a question of its own")
    }
    if let outcomes { try write(metric, of: predictions, to: outcomes) }
    let score = metric.score(predictions)
    if json {
      return try Output.json(Answer(metric: name, score: score, n: predictions.count))
    }
    print("\(name) \(score) on \(predictions.count) predictions")
  }

  /// The metric that the options describe.
  private func metric() throws -> Metric {
    let metric = try Self.metric(named: name)
    if outcomes != nil, metric.outcomes == nil {
      throw Failure(
        .usage, "the metric '\(name)' judges predictions only together: leave --outcomes out")
    }
    guard pretokenized else { return metric }
    guard let pretokenized = metric.pretokenized else {
      throw Failure(.usage, "the metric '\(name)' does not tokenise: leave --pretokenized out")
    }
    return pretokenized
  }

  /// The metric of this name.
  ///
  /// - Throws: `Failure` with the nearest name.
  static func metric(named name: String) throws -> Metric {
    guard let metric = Metric(named: MetricName(rawValue: name)) else {
      let nearest = NameDistance.nearest(to: name, among: Metric.all.map(\.name.rawValue))
      let hint = nearest.first.map { "did you mean '\($0)'?" } ?? "'dept metric --help' lists them"
      throw Failure(.usage, "there is no metric '\(name)': \(hint)")
    }
    return metric
  }

  /// Writes what the metric makes of each prediction, one line each.
  private func write(_ metric: Metric, of predictions: [Prediction], to path: String) throws {
    let encoder = JSONEncoder()
    var text = Data()
    for outcome in metric.outcomes?(predictions) ?? [] {
      text += try encoder.encode(OutcomeLine(outcome: outcome)) + Data("\n".utf8)
    }
    try Output.write(text, to: path)
  }
}

/// The name of a group in a line of predictions: a text, or a whole number such as a data set's
/// `idx`.
private struct PredictionGroup: Decodable {
  let name: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      name = String(number)
    } else if let text = try? container.decode(String.self) {
      name = text
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a text or a whole number")
    }
  }
}
