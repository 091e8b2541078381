/// The exact two-sided permutation test of a difference of means between two small samples.
enum PermutationTest {
  /// More relabellings than this are not enumerated: eight against eight are 12 870.
  static let limit = 20_000

  /// The share of all relabellings whose difference of means is at least as large as the observed
  /// one; `nil` for empty samples and for more than ``limit`` relabellings.
  static func probability(_ a: [Double], _ b: [Double]) -> Double? {
    guard !a.isEmpty, !b.isEmpty else { return nil }
    guard let relabellings = choices(a.count + b.count, a.count), relabellings <= limit
    else { return nil }
    let pooled = a + b
    let total = pooled.reduce(0, +)
    let (sizeA, sizeB) = (Double(a.count), Double(b.count))
    func distance(_ sum: Double) -> Double { abs(sum / sizeA - (total - sum) / sizeB) }
    let observed = distance(a.reduce(0, +))
    let tolerance = 1e-9 * max(1, observed)
    var extreme = 0
    func visit(_ start: Int, _ left: Int, _ sum: Double) {
      if left == 0 {
        if distance(sum) >= observed - tolerance { extreme += 1 }
        return
      }
      for index in start...(pooled.count - left) {
        visit(index + 1, left - 1, sum + pooled[index])
      }
    }
    visit(0, a.count, 0)
    return Double(extreme) / Double(relabellings)
  }

  /// The smallest probability that samples of these sizes can have.
  static func floor(_ a: Int, _ b: Int) -> Double? {
    guard a > 0, b > 0, let count = choices(a + b, a) else { return nil }
    return (a == b ? 2 : 1) / Double(count)
  }

  /// The number of values per side from which a probability below `level` can occur.
  static func sizeNeeded(below level: Double) -> Int {
    var size = 1
    while let floor = floor(size, size), floor >= level { size += 1 }
    return size
  }

  /// Holm's correction: probabilities of several tests, adjusted so that they may be read as one
  /// family; `nil` entries take no part.
  static func holm(_ probabilities: [Double?]) -> [Double?] {
    let present = probabilities.enumerated().compactMap { place, value in
      value.map { (place: place, value: $0) }
    }.sorted { ($0.value, $0.place) < ($1.value, $1.place) }
    var adjusted = probabilities
    var running = 0.0
    for (index, entry) in present.enumerated() {
      running = max(running, min(1, entry.value * Double(present.count - index)))
      adjusted[entry.place] = running
    }
    return adjusted
  }

  private static func choices(_ total: Int, _ chosen: Int) -> Int? {
    var result = 1
    for index in 0..<min(chosen, total - chosen) {
      let (product, overflow) = result.multipliedReportingOverflow(by: total - index)
      guard !overflow else { return nil }
      result = product / (index + 1)
    }
    return result
  }
}
