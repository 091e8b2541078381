public import Datasets
public import Evaluation

/// One of the tasks that a run trains on: its examples, and how answers for them are judged.
public struct TrainingTask: Sendable {
  /// What scores of a multi-task run are told apart by, such as the data set's name.
  public var name: String
  /// The examples by split; validation and test may be empty.
  public var examples: [Split: [Example]]
  /// What answers are judged by.
  public var metrics: [Metric]
  /// What the best step is chosen by on validation.
  public var selection: Metric
  /// The texts to choose among where the schedule asks for labels.
  public var labels: [String]

  public init(
    _ name: String, examples: [Split: [Example]], metrics: [Metric], selection: Metric,
    labels: [String] = []
  ) {
    self.name = name
    self.examples = examples
    self.metrics = metrics
    self.selection = selection
    self.labels = labels
  }

  public subscript(split: Split) -> [Example] { examples[split] ?? [] }
}
