/// How long texts are: extremes, mean and percentiles (nearest rank).
public struct LengthDistribution: Hashable, Sendable {
  public let minimum: Int
  public let mean: Double
  public let median: Int
  public let percentile90: Int
  public let percentile95: Int
  public let percentile99: Int
  public let maximum: Int

  /// `nil` where there are no lengths.
  public init?(_ lengths: [Int]) {
    let sorted = lengths.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    func percentile(_ share: Int) -> Int {
      sorted[max(0, (sorted.count * share + 99) / 100 - 1)]
    }
    minimum = first
    mean = Double(sorted.reduce(0, +)) / Double(sorted.count)
    median = percentile(50)
    percentile90 = percentile(90)
    percentile95 = percentile(95)
    percentile99 = percentile(99)
    maximum = last
  }
}
