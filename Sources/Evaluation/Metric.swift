/// One way of judging predictions: a function from predictions to a number.
///
/// Scores are fractions from 0 to 1, correlations from −1 to 1; reports multiply by 100.
/// No predictions score 0.
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
  /// The score of all predictions together; the order of predictions does not matter.
  public let score: @Sendable ([Prediction]) -> Double

  public init(
    _ name: MetricName, _ orientation: Orientation = .higherIsBetter, summary: String,
    score: @escaping @Sendable ([Prediction]) -> Double
  ) {
    self.name = name
    self.orientation = orientation
    self.summary = summary
    self.score = { $0.isEmpty ? 0 : score($0) }
  }

  public var outcomes: (@Sendable ([Prediction]) -> [Double])? { nil }

  /// Whether `score` is an improvement on `other`.
  public func isBetter(_ score: Double, than other: Double) -> Bool {
    orientation == .higherIsBetter ? score > other : score < other
  }
}

extension Metric: Hashable {
  /// Two metrics of one name are the same metric.
  public static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
