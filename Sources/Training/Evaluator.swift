public import Backbones
public import Datasets
public import Evaluation
import Tokenization

/// Judges a tuned model on examples.
public struct Evaluator: Sendable {
  /// What predictions are judged by.
  public let metrics: [Metric]
  /// How answers are written.
  public let decoding: DecodingPlan
  /// The longest source in tokens, and which end of a longer one is lost.
  public let sourceLength: Int
  public let truncation: Truncation
  /// How the examples were worded: metrics are given the data set's own words for answers.
  public let preparation: Preparation

  public init(
    metrics: [Metric], decoding: DecodingPlan, sourceLength: Int, truncation: Truncation = .end,
    preparation: Preparation = .standard
  ) {
    self.metrics = metrics
    self.decoding = decoding
    self.sourceLength = sourceLength
    self.truncation = truncation
    self.preparation = preparation
  }

  /// Checks that every source fits the model's positions together with the longest answer.
  ///
  /// - Throws: `TrainingError.tooLong`.
  public func checkRoom(
    _ model: TunedModel, for examples: some Collection<Example>
  ) throws(TrainingError) {
    guard model.backbone.model.longestSequence != nil else { return }
    try model.checkRoom(sources(model, examples), decoding)
  }

  /// The model's answers beside the accepted ones.
  public func predictions(
    _ model: TunedModel, on examples: some Collection<Example>
  ) -> [Prediction] {
    zip(model.predictions(sources(model, examples), decoding), examples).map { answer, example in
      Prediction(
        preparation.ownWord(for: answer),
        references: example.references.map(preparation.ownWord), group: example.group)
    }
  }

  private func sources(_ model: TunedModel, _ examples: some Collection<Example>) -> [[Int]] {
    examples.map {
      model.backbone.sourceIDs($0.source, length: sourceLength, cutting: truncation)
    }
  }
}
