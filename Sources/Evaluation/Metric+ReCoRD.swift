extension Metric {
  /// The fraction of outputs that are an accepted entity after `SQuADText` normalisation.
  ///
  /// Zhang et al., "ReCoRD" (arXiv 1810.12885): one prediction a query, all its answers accepted.
  public static let recordExactMatch = mean(
    "record-em", summary: "ReCoRD exact match with the best of the accepted entities",
    of: { $0.bestExactMatch })

  /// The mean over queries of the word F1 with the best accepted entity (arXiv 1810.12885).
  public static let recordF1 = mean(
    "record-f1", summary: "ReCoRD word F1 with the best of the accepted entities",
    of: { $0.bestWordF1 })
}
