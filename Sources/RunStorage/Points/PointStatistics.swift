/// What is known of a stretch of points without looking at them; NaN counts in `count` only.
struct PointStatistics {
  var count = 0
  var lastStep = 0
  var last: Double?
  var min: Double?
  var max: Double?

  init() {}

  init(_ chunk: PointChunk) {
    for (step, value) in zip(chunk.steps, chunk.values) { add(step, value) }
  }

  mutating func add(_ step: Int, _ value: Double) {
    count += 1
    lastStep = step
    last = value
    include(value, value)
  }

  /// Adds a stretch that begins after this one.
  mutating func append(_ next: PointStatistics) {
    guard next.count > 0 else { return }
    count += next.count
    lastStep = next.lastStep
    last = next.last
    include(next.min, next.max)
  }

  private mutating func include(_ low: Double?, _ high: Double?) {
    if let low, !low.isNaN { min = Swift.min(min ?? low, low) }
    if let high, !high.isNaN { max = Swift.max(max ?? high, high) }
  }
}
