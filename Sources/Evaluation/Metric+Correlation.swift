extension Metric {
  /// Pearson's correlation of outputs and references read as numbers; 0 where either is constant.
  ///
  /// An output that is no finite number counts as −1.
  public static let pearson = Metric(
    "pearson", summary: "Pearson correlation of the numbers; no number counts as -1",
    range: -1...1
  ) { predictions in
    correlation(predictions.map { number($0.label) }, predictions.map { number($0.expected) })
  }

  /// Spearman's rank correlation, tied values sharing their mean rank; 0 where either is constant.
  ///
  /// An output that is no finite number counts as −1.
  public static let spearman = Metric(
    "spearman", summary: "Spearman rank correlation of the numbers; no number counts as -1",
    range: -1...1
  ) { predictions in
    correlation(
      ranks(predictions.map { number($0.label) }), ranks(predictions.map { number($0.expected) }))
  }

  /// The decimal number a text spells, or −1.
  private static func number(_ text: String) -> Double {
    // `Double` would also read hexadecimal, "nan" and "infinity".
    guard text.utf8.allSatisfy({ decimalBytes.contains($0) }), let value = Double(text),
      value.isFinite
    else { return -1 }
    return value
  }

  private static let decimalBytes = Set("0123456789+-.eE".utf8)

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let meanA = a.reduce(0, +) / Double(a.count)
    let meanB = b.reduce(0, +) / Double(b.count)
    var products = 0.0
    var squaresA = 0.0
    var squaresB = 0.0
    for (x, y) in zip(a, b) {
      products += (x - meanA) * (y - meanB)
      squaresA += (x - meanA) * (x - meanA)
      squaresB += (y - meanB) * (y - meanB)
    }
    let denominator = squaresA.squareRoot() * squaresB.squareRoot()
    // Constant values can leave a rounding residue in place of zero.
    guard Set(a).count > 1, Set(b).count > 1, denominator > 0 else { return 0 }
    return min(1, max(-1, products / denominator))
  }

  /// Ranks from 1; equal values share the mean of the ranks they occupy.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
