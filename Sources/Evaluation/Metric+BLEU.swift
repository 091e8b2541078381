extension Metric {
  /// BLEU of the whole set with n-grams of 1 to `order` words, one caption against its references.
  ///
  /// Papineni et al., "BLEU" (ACL 2002), as the COCO captions are scored: the geometric mean of
  /// the clipped n-gram precisions with its small constants in place of smoothing, and a brevity
  /// penalty with the reference length that is closest (the shorter of two as close).
  ///
  /// - Precondition: `order` is 1 to 4.
  public static func bleu(_ order: Int, _ words: CaptionWords = .tokenized) -> Metric {
    precondition((1...4).contains(order), "BLEU has n-grams of 1 to 4 words")
    return Metric(
      MetricName(rawValue: "bleu-\(order)"),
      summary: "BLEU of captions with n-grams of up to \(order) word\(order == 1 ? "" : "s")",
      words: words,
      outcomes: { $0.map { BLEUCounts($0, order: order, words).score } }
    ) { predictions in
      var total = BLEUCounts(order: order)
      for prediction in predictions { total.add(BLEUCounts(prediction, order: order, words)) }
      return total.score
    }
  }
}
