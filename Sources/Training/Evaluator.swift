import Backbones
public import Datasets
public import Evaluation
import Tokenization

/// Judges a tuned model on examples.
public struct Evaluator: Sendable {
  /// What predictions are judged by.
  public let metrics: [Metric]
  /// How answers are written.
  public let decoding: DecodingPlan
  /// The longest source in tokens.
  public let sourceLength: Int

  public init(metrics: [Metric], decoding: DecodingPlan, sourceLength: Int) {
    self.metrics = metrics
    self.decoding = decoding
    self.sourceLength = sourceLength
  }

  /// Checks that every source fits the model's positions together with the longest answer.
  ///
  /// - Throws: `TrainingError.tooLong`.
  public func checkRoom(
    _ model: TunedModel, for examples: [Example]
  ) throws(TrainingError) {
    guard model.backbone.model.longestSequence != nil else { return }
    try model.checkRoom(
      examples.map { model.backbone.sourceIDs($0.source, length: sourceLength) }, decoding)
  }

  /// The model's answers beside the accepted ones.
  public func predictions(_ model: TunedModel, on examples: [Example]) -> [Prediction] {
    let sources = examples.map { model.backbone.sourceIDs($0.source, length: sourceLength) }
    return zip(model.predictions(sources, decoding), examples).map {
      Prediction($0, references: $1.references)
    }
  }

  /// Every metric of the model's answers, by name.
  public func scores(_ model: TunedModel, on examples: [Example]) -> [String: Double] {
    let predictions = predictions(model, on: examples)
    return Dictionary(
      uniqueKeysWithValues: metrics.map { ($0.name.rawValue, $0.score(predictions)) })
  }
}
