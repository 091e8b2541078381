public import Datasets
public import Evaluation

/// Which of a data set's metrics stands for it in tables and curves.
public struct HeadlineMetrics: Sendable {
  private let choice: @Sendable (DatasetID) -> MetricName?

  /// - Parameter choice: the metric of a data set; `nil` falls back to the first of `preference`
  ///   that was measured.
  public init(_ choice: @escaping @Sendable (DatasetID) -> MetricName?) { self.choice = choice }

  /// What the data sets themselves name, else the metrics of the DePT paper's tables.
  public static let standard = HeadlineMetrics { DatasetTitle.named($0.rawValue).metric }

  /// The order in which metrics are preferred on a data set that names none.
  static let preference: [MetricName] = [
    "mean", "accuracy", "f1-macro", "f1", "matthews", "pearson", "spearman", "squad-f1",
    "squad-f1-first", "squad-em", "multirc-f1", "multirc-em", "record-f1", "record-em", "vqa",
    "cider", "bleu-4", "rouge-l",
  ]

  /// The metric that chooses among configurations of `dataset` on validation: the data set's own
  /// rule if it was `measured`, else the headline metric.
  public func selectionMetric(
    for dataset: DatasetID, measured: some Sequence<String>
  ) -> MetricName? {
    let names = Set(measured)
    let own = DatasetTitle.named(dataset.rawValue).selection
    if let own, names.contains(own.rawValue) { return own }
    return metric(for: dataset, measured: names)
  }

  /// The headline metric of `dataset` among those `measured`; `nil` if nothing was measured.
  public func metric(for dataset: DatasetID, measured: some Sequence<String>) -> MetricName? {
    let names = Set(measured)
    if let chosen = choice(dataset), names.contains(chosen.rawValue) { return chosen }
    if let preferred = Self.preference.first(where: { names.contains($0.rawValue) }) {
      return preferred
    }
    return names.filter { $0 != "loss" }.min().map { MetricName(rawValue: $0) }
  }
}
