/// One way of judging predictions: a function from predictions to a number.
///
/// Scores are fractions from 0 to 1, correlations from −1 to 1, CIDEr from 0 to 10 (`range`);
/// reports multiply every one of them by 100. No predictions score 0.
public struct Metric: Sendable {
  /// Which way is better.
  public enum Orientation: String, Hashable, Sendable, Codable {
    case higherIsBetter
    case lowerIsBetter
  }

  /// The stable name, such as `f1-macro`.
  public let name: MetricName
  public let orientation: Orientation
  /// What it measures, in one sentence.
  public let summary: String
  /// Where scores and outcomes lie.
  public let range: ClosedRange<Double>
  /// How texts become words; `nil` where the metric judges no captions.
  public let words: CaptionWords?
  /// Whether the score is the mean of the outcomes.
  public let isMean: Bool
  /// The score of all predictions together; the order of predictions does not matter.
  public let score: @Sendable ([Prediction]) -> Double
  /// One number a prediction, in their order, for paired tests; `nil` where only all predictions
  /// together have a score (correlations).
  ///
  /// What is averaged (`isMean`); of metrics that count labels 1 where the label is right, else 0;
  /// of `multirc-em` the outcome of the prediction's group; of BLEU the sentence's own BLEU, whose
  /// mean is not the score.
  public let outcomes: (@Sendable ([Prediction]) -> [Double])?

  /// A metric of all predictions together.
  public init(
    _ name: MetricName, _ orientation: Orientation = .higherIsBetter, summary: String,
    range: ClosedRange<Double> = 0...1, words: CaptionWords? = nil,
    outcomes: (@Sendable ([Prediction]) -> [Double])? = nil,
    score: @escaping @Sendable ([Prediction]) -> Double
  ) {
    self.init(
      name, orientation, summary: summary, range: range, words: words, isMean: false,
      outcomes: outcomes, score: score)
  }

  /// The mean of one number a prediction.
  public static func mean(
    _ name: MetricName, _ orientation: Orientation = .higherIsBetter, summary: String,
    range: ClosedRange<Double> = 0...1, words: CaptionWords? = nil,
    of outcome: @escaping @Sendable (Prediction) -> Double
  ) -> Metric {
    mean(
      name, orientation, summary: summary, range: range, words: words,
      ofAll: { $0.map(outcome) })
  }

  /// The mean of one number a prediction, where a number depends on the other predictions too.
  public static func mean(
    _ name: MetricName, _ orientation: Orientation = .higherIsBetter, summary: String,
    range: ClosedRange<Double> = 0...1, words: CaptionWords? = nil,
    ofAll outcomes: @escaping @Sendable ([Prediction]) -> [Double]
  ) -> Metric {
    Metric(
      name, orientation, summary: summary, range: range, words: words, isMean: true,
      outcomes: outcomes
    ) { outcomes($0).reduce(0, +) / Double($0.count) }
  }

  private init(
    _ name: MetricName, _ orientation: Orientation, summary: String, range: ClosedRange<Double>,
    words: CaptionWords?, isMean: Bool, outcomes: (@Sendable ([Prediction]) -> [Double])?,
    score: @escaping @Sendable ([Prediction]) -> Double
  ) {
    self.name = name
    self.orientation = orientation
    self.summary = summary
    self.range = range
    self.words = words
    self.isMean = isMean
    self.outcomes = outcomes
    self.score = { $0.isEmpty ? 0 : score($0) }
  }

  /// Whether `score` is an improvement on `other`.
  public func isBetter(_ score: Double, than other: Double) -> Bool {
    orientation == .higherIsBetter ? score > other : score < other
  }
}

extension Metric: Hashable {
  /// Two metrics of one name that find words alike are the same metric.
  public static func == (a: Metric, b: Metric) -> Bool { a.name == b.name && a.words == b.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
