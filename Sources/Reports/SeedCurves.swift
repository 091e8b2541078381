import Documents
import Experiments

/// The curves of a configuration's runs, on steps they have in common.
///
/// Runs that succeeded are drawn; while there are none, those that have points. Long curves are
/// averaged over windows of equal width first, so that a report stays small.
struct SeedCurves: Sendable {
  /// Windows per curve at most.
  static let resolution = 100

  /// Steps averaged into one point.
  let window: Int
  /// By step, the value of every run.
  private let values: [(step: Int, values: [Double])]

  var isEmpty: Bool { values.isEmpty }

  init(_ runs: [FrozenRun], metric: String) {
    let traced = runs.filter { $0.curves[metric]?.isEmpty == false }
    let finished = traced.filter { $0.state == .succeeded }
    let chosen = (finished.isEmpty ? traced : finished).compactMap { $0.curves[metric] }
    let longest = chosen.map(\.count).max() ?? 0
    let lastStep = chosen.compactMap(\.last?.step).max() ?? 0
    let window =
      longest > Self.resolution ? (lastStep + Self.resolution - 1) / Self.resolution : 1
    self.window = window
    let curves = chosen.map { Self.averaged($0, window: window) }
    guard let first = curves.first else {
      values = []
      return
    }
    let common = curves.dropFirst().reduce(Set(first.keys)) { $0.intersection($1.keys) }
    let steps = (common.isEmpty ? Set(curves.flatMap(\.keys)) : common).sorted()
    values = steps.map { step in (step, curves.compactMap { $0[step] }) }
  }

  /// The mean of finite points by the last step of their window; NaN where a window has none.
  private static func averaged(_ points: [MetricPoint], window: Int) -> [Int: Double] {
    var sums: [Int: (total: Double, count: Int)] = [:]
    for point in points {
      let end = window == 1 ? point.step : (point.step + window - 1) / window * window
      let isUsable = point.value.isFinite
      let known = sums[end] ?? (0, 0)
      sums[end] = (
        known.total + (isUsable ? point.value : 0), known.count + (isUsable ? 1 : 0)
      )
    }
    return sums.mapValues { $0.count == 0 ? .nan : $0.total / Double($0.count) }
  }

  /// The mean over runs with a band; a gap where a run has no finite value.
  ///
  /// - Parameters:
  ///   - scale: what values are multiplied by.
  ///   - largest: where the band ends because no value can be larger.
  func points(_ spread: Spread, scale: Double, largest: Double = .infinity) -> [ChartPoint] {
    values.map { step, values in
      guard values.allSatisfy(\.isFinite), !values.isEmpty else {
        return ChartPoint(x: Double(step), y: nil)
      }
      let values = values.map { scale * $0 }
      let mean = values.mean
      let deviation = spread.deviation(values)
      return ChartPoint(
        x: Double(step), y: mean, low: deviation.map { mean - $0 },
        high: deviation.map { max(mean, min(mean + $0, largest)) })
    }
  }
}
