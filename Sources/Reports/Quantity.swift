import Datasets
public import Evaluation
public import Experiments

/// What a table prints about runs: one number per run, then a mean over seeds.
public struct Quantity: Sendable {
  /// Which way is better.
  public enum Direction: Sendable { case higherIsBetter, lowerIsBetter }

  /// The caption's first words.
  public var title: String
  public var decimals: Int
  public var direction: Direction
  /// Whether it is a score of a data set, taken at the step that was best on validation: such
  /// numbers are averaged over tasks.
  var isScore = false
  /// The metric behind the number, for the caption; `nil` for what is not a score.
  var metric: @Sendable (FrozenRun, HeadlineMetrics) -> MetricName?
  /// The number; `nil` where the run has none.
  var value: @Sendable (FrozenRun, HeadlineMetrics) -> Double?

  /// A quantity of your own.
  public init(
    _ title: String, decimals: Int = 1, direction: Direction = .higherIsBetter,
    _ value: @escaping @Sendable (FrozenRun) -> Double?
  ) {
    self.title = title
    self.decimals = decimals
    self.direction = direction
    metric = { _, _ in nil }
    self.value = { run, _ in value(run) }
  }

  private init(_ title: String, split: Split, name: MetricName?) {
    self.title = title
    decimals = 1
    direction = .higherIsBetter
    isScore = true
    let metric: @Sendable (FrozenRun, HeadlineMetrics) -> MetricName? = { run, headline in
      guard let scores = run.summary?.scores[split] else { return nil }
      return name ?? headline.metric(for: run.spec.dataset, measured: scores.keys)
    }
    self.metric = metric
    value = { run, headline in
      metric(run, headline).flatMap { run.summary?.scores[split]?[$0.rawValue] }
        .map { 100 * $0 }
    }
  }
}

extension Quantity {
  /// The data set's headline metric on the test split, at the step that was best on validation,
  /// in percent as papers print it (the engine's scores are fractions).
  public static let test = Quantity("Test score", split: .test, name: nil)
  /// The data set's headline metric on the validation split, at its best step, in percent.
  public static let validation = Quantity("Validation score", split: .validation, name: nil)

  /// A named metric on the test split, in percent.
  public static func test(_ metric: MetricName) -> Quantity {
    Quantity("Test \(metric)", split: .test, name: metric)
  }

  /// A named metric on the validation split, in percent.
  public static func validation(_ metric: MetricName) -> Quantity {
    Quantity("Validation \(metric)", split: .validation, name: metric)
  }

  /// Wall-clock seconds of a run.
  public static let seconds = Quantity("Seconds per run", direction: .lowerIsBetter) {
    $0.summary?.seconds
  }

  /// The most memory a run had for itself, without the backbone's file, in MiB.
  public static let peakMemory = Quantity(
    "Peak memory in MiB", decimals: 0, direction: .lowerIsBetter
  ) { ($0.summary?.peakBytes).map { Double($0) / 1_048_576 } }

  /// The step whose parameters were kept.
  public static let bestStep = Quantity("Best step", decimals: 0, direction: .lowerIsBetter) {
    ($0.summary?.bestStep).map { Double($0) }
  }
}
