/// What is drawn of the points of a stretch of steps: a line from the smallest value to the
/// largest, and on to the last.
public struct HistoryColumn: Hashable, Sendable {
  public var firstStep: Int
  public var lastStep: Int
  /// How many points there are.
  public var points: Int
  /// The smallest value; NaN where every value is NaN, which count nowhere else.
  public var min: Double
  /// The largest value, likewise.
  public var max: Double
  /// The value at the last step.
  public var last: Double

  init(firstStep: Int, lastStep: Int, points: Int, min: Double, max: Double, last: Double) {
    self.firstStep = firstStep
    self.lastStep = lastStep
    self.points = points
    self.min = min
    self.max = max
    self.last = last
  }

  /// A single point.
  init(step: Int, value: Double) {
    self.init(firstStep: step, lastStep: step, points: 1, min: value, max: value, last: value)
  }

  /// Adds a point that comes after these.
  mutating func add(_ step: Int, _ value: Double) {
    lastStep = step
    points += 1
    last = value
    include(value, value)
  }

  /// Adds points that come after these.
  mutating func add(_ next: HistoryColumn) {
    lastStep = next.lastStep
    points += next.points
    last = next.last
    include(next.min, next.max)
  }

  private mutating func include(_ low: Double, _ high: Double) {
    // A comparison with NaN is false, so that NaN gives way and never comes in.
    if low < min || min.isNaN { min = low }
    if high > max || max.isNaN { max = high }
  }
}
