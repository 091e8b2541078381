import Documents

/// Thins long curves so that a file stays small and its picture the same.
enum CurveDecimation {
  /// At most about `limit` points: of every bucket along `x` the lowest and the highest stay, and
  /// so do the ends and the gaps.
  static func thinned(_ points: [ChartPoint], limit: Int) -> [ChartPoint] {
    guard points.count > max(4, limit) else { return points }
    let buckets = max(1, limit / 2 - 1)
    let inner = points.count - 2
    var kept = [points[0]]
    for bucket in 0..<buckets {
      let start = 1 + bucket * inner / buckets
      let end = 1 + (bucket + 1) * inner / buckets
      guard start < end else { continue }
      var lowest: Int?
      var highest: Int?
      var gap: Int?
      for index in start..<end {
        guard let y = points[index].y else {
          gap = gap ?? index
          continue
        }
        if lowest.flatMap({ points[$0].y }).map({ y < $0 }) ?? true { lowest = index }
        if highest.flatMap({ points[$0].y }).map({ y > $0 }) ?? true { highest = index }
      }
      kept += Set([lowest, highest, gap].compactMap { $0 }).sorted().map { points[$0] }
    }
    kept.append(points[points.count - 1])
    return kept
  }
}
