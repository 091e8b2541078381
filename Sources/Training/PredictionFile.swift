import Checkpoints
public import Evaluation
public import Foundation

/// What a run answered to each test example, and how well each answer did: what paired tests and
/// reading one's mistakes need. JSON Lines, in the order of the examples.
public struct PredictionFile {
  private struct Line: Encodable {
    /// The task of a multi-task run.
    let task: String?
    /// The example's place in its split, from 0.
    let index: Int
    let prediction: String
    let references: [String]
    let group: String?
    /// By metric; a metric that judges only all answers together is left out.
    let outcomes: [String: Double]
  }

  private let lines: [Line]

  /// - Parameter predictions: by task, as `Trainer.predictions(of:on:)` gives them.
  public init(_ trainer: Trainer, _ predictions: [[Prediction]]) {
    lines = zip(trainer.tasks, predictions).flatMap { task, predictions in
      PredictionFile.lines(
        predictions, metrics: task.metrics, task: trainer.tasks.count > 1 ? task.name : nil)
    }
  }

  /// - Parameter metrics: what the answers are judged by.
  public init(_ predictions: [Prediction], metrics: [Metric]) {
    lines = PredictionFile.lines(predictions, metrics: metrics, task: nil)
  }

  private static func lines(
    _ predictions: [Prediction], metrics: [Metric], task: String?
  ) -> [Line] {
    let outcomes = metrics.map { ($0.name.rawValue, $0.outcomes?(predictions)) }
    return predictions.enumerated().map { index, prediction in
      var own: [String: Double] = [:]
      for (name, values) in outcomes { own[name] = values?[index] }
      return Line(
        task: task, index: index, prediction: prediction.text, references: prediction.references,
        group: prediction.group, outcomes: own)
    }
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `CheckpointError` where the file system refuses.
  public func write(to path: String) throws {
    try AtomicFile.write([UInt8](data()), to: path)
  }

  /// What the file holds.
  public func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = Data()
    for line in lines { text += try encoder.encode(line) + Data("\n".utf8) }
    return text
  }
}
