public import Datasets
public import Evaluation

/// One of the tasks that a run trains on: its examples, and how answers for them are judged.
public struct TrainingTask: Sendable {
  /// What scores of a multi-task run are told apart by, such as the data set's name.
  public var name: String
  /// The examples by split; validation and test may be empty.
  public var examples: [Split: Examples]
  /// What answers are judged by.
  public var metrics: [Metric]
  /// What the best step is chosen by on validation.
  public var selection: Metric
  /// The texts to choose among where the schedule asks for labels.
  public var labels: [String]
  /// How the examples were worded: metrics are given the data set's own words for answers.
  public var preparation = Preparation.standard
  /// The ids of the training examples, where they have been found before.
  public var tokens: TokenFile?

  public init(
    _ name: String, examples: [Split: Examples], metrics: [Metric], selection: Metric,
    labels: [String] = []
  ) {
    self.name = name
    self.examples = examples
    self.metrics = metrics
    self.selection = selection
    self.labels = labels
  }

  /// A data set as a task.
  ///
  /// - Parameter wording: how its items became the examples of `prepared`.
  public init(
    _ name: String, _ prepared: PreparedDataset, of dataset: any Dataset,
    wording: Preparation = .standard
  ) {
    self.init(
      name, examples: prepared.splits, metrics: dataset.metrics, selection: dataset.selection,
      labels: wording.targets(of: dataset))
    preparation = wording
  }

  public subscript(split: Split) -> Examples { examples[split] ?? [] }
}
