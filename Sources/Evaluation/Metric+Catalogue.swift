extension Metric {
  /// Every metric by name, in the order catalogues list them.
  public static let all: [Metric] = [
    .accuracy, .f1, .macroF1, .matthews, .pearson, .spearman, .squadExactMatch, .squadF1,
    .squadF1First,
  ]

  /// The metric of this name, or `nil` where there is none.
  public init?(named name: MetricName) {
    guard let metric = Metric.all.first(where: { $0.name == name }) else { return nil }
    self = metric
  }
}
