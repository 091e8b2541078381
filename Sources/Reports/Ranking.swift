import Documents

/// Marks the best and the second best of a column.
enum Ranking {
  /// The rank of each statistic among its peers; `nil` entries take no part.
  ///
  /// The order is that of the unrounded means; values that print alike tie, so all of them are
  /// best, and the second best is the next value that prints differently. One value alone has no
  /// rank.
  static func ranks(
    of statistics: [Statistic?], _ direction: Quantity.Direction
  ) -> [TableCell.Rank?] {
    let present = statistics.compactMap { $0 }
    guard present.count > 1 else { return statistics.map { _ in nil } }
    let ordered = present.sorted {
      direction == .higherIsBetter ? $0.mean > $1.mean : $0.mean < $1.mean
    }
    let best = ordered.first?.printedMean
    let second = ordered.first { $0.printedMean != best }?.printedMean
    return statistics.map { statistic in
      guard let printed = statistic?.printedMean else { return nil }
      return printed == best ? .best : printed == second ? .second : nil
    }
  }
}
