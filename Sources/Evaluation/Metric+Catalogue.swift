extension [Metric] {
  /// What each makes of answers, by name.
  public func scores(of predictions: [Prediction]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: map { ($0.name.rawValue, $0.score(predictions)) })
  }
}

extension Metric {
  /// Every metric by name, in the order catalogues list them.
  public static let all: [Metric] =
    [
      .accuracy, .f1, .macroF1, .matthews, .pearson, .spearman, .squadExactMatch, .squadF1,
      .squadF1First, .multiRCExactMatch, .multiRCF1, .recordExactMatch, .recordF1, .vqa,
    ] + captions(.tokenized)

  /// The metrics of captions: BLEU-1 to BLEU-4, ROUGE-L and CIDEr.
  public static func captions(_ words: CaptionWords) -> [Metric] {
    (1...4).map { bleu($0, words) } + [rougeL(words), cider(words)]
  }

  /// The metric of this name, or `nil` where there is none.
  public init?(named name: MetricName) {
    guard let metric = Metric.all.first(where: { $0.name == name }) else { return nil }
    self = metric
  }

  /// The same metric for texts that are tokenised already; `nil` where it does not tokenise.
  public var pretokenized: Metric? {
    words == nil ? nil : Metric.captions(.pretokenized).first { $0.name == name }
  }
}
