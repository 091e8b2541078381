import ArgumentParser
import Datasets
import Evaluation
import Foundation

/// `dept metric`: the score of predictions in a file.
struct MetricCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric", abstract: "Score predictions that are in a file.",
    discussion: """
      Each line is {"prediction": "…", "references": ["…"]}. Scores are fractions from 0 to 1, \
      correlations from -1 to 1.

      Metrics:
      \(Metric.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

      Example:
        dept metric squad-f1 --input predictions.jsonl --json
      """)

  @Argument(help: "The metric's name.") var name: String
  @Option(help: "A JSON Lines file.") var input: String
  @Flag(help: "Texts are tokenised already: for metrics that would tokenise them.")
  var pretokenized = false
  @Flag(help: "Print one JSON document.") var json = false

  private struct Line: Decodable {
    let prediction: String
    let references: [String]
  }

  private struct Answer: Encodable {
    let metric: String
    let score: Double
    let n: Int
  }

  func run() throws {
    guard let metric = Metric(named: MetricName(rawValue: name)) else {
      let nearest = NameDistance.nearest(to: name, among: Metric.all.map(\.name.rawValue))
      let hint = nearest.first.map { "did you mean '\($0)'?" } ?? "'dept metric --help' lists them"
      throw Failure(.usage, "there is no metric '\(name)': \(hint)")
    }
    if pretokenized {
      throw Failure(.usage, "the metric '\(name)' does not tokenise: leave --pretokenized out")
    }
    let file = URL(filePath: input)
    var predictions: [Prediction] = []
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      guard !line.references.isEmpty else {
        throw place.malformed(
          field: "references", "expected at least one text, found an empty list")
      }
      predictions.append(Prediction(line.prediction, references: line.references))
    }
    guard !predictions.isEmpty else {
      throw Failure(.invalid, "\(file.path) holds no predictions: give one JSON object a line")
    }
    let score = metric.score(predictions)
    if json {
      return try Output.json(Answer(metric: name, score: score, n: predictions.count))
    }
    print("\(name) \(score) on \(predictions.count) predictions")
  }
}
