/// The parts in which a step's batch is computed: consecutive examples, few rows each.
struct MicroBatches: Sendable {
  /// The examples of each part; all examples, in order.
  let ranges: [Range<Int>]

  /// About so many rows of a model's `width` keep every processor's caches and products busy; more
  /// only take memory.
  static func budget(width: Int, trainsWeights: Bool) -> Int {
    // A gradient of weights costs a pass over them for every part.
    trainsWeights ? 1 << 14 : min(2048, (1 << 20) / width)
  }

  /// - Parameters:
  ///   - rows: of each example.
  ///   - parts: at least so many parts, where there are as many examples.
  ///   - budget: about the most rows of a part.
  init(rows: [Int], parts: Int, budget: Int) {
    let total = max(1, rows.reduce(0, +))
    let wanted = max(parts, (total + budget - 1) / budget)
    let least = min(parts, rows.count)
    // An example belongs to the part in which its middle lies, so that parts are of like size; but
    // where as many parts are to come as there are examples left, each is one.
    var ranges: [Range<Int>] = []
    var (before, current) = (0, -1)
    for (index, count) in rows.enumerated() {
      let part = min((2 * before + count) * wanted / (2 * total), wanted - 1)
      let isNeeded = rows.count - index <= least - ranges.count
      if part == current, !isNeeded, let last = ranges.popLast() {
        ranges.append(last.lowerBound..<index + 1)
      } else {
        ranges.append(index..<index + 1)
      }
      current = part
      before += count
    }
    self.ranges = ranges
  }
}
