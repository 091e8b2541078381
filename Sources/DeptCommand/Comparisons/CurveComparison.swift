import Experiments
import Foundation

/// Where the points of one metric part in two runs.
struct CurveComparison: Hashable, Encodable {
  var metric: String
  /// The first step whose values differ, or that only one has; `nil`: none.
  var step: Int?
  /// The values there; `nil` where there is none.
  var first: Double?
  var second: Double?
  /// The largest difference at steps that both have.
  var largest = 0.0
  /// The steps that both have.
  var points = 0

  /// Metrics that no second run repeats: what they count is time.
  static func isTime(_ metric: String) -> Bool {
    metric.split(separator: "/").last.map { $0.contains("second") } ?? false
  }

  /// - Parameter tolerance: how far values may be apart, relative to the larger of them or to 1
  ///   where that is larger; 0: not a bit.
  init(
    _ metric: String, _ first: [MetricPoint], _ second: [MetricPoint], tolerance: Double = 0
  ) {
    self.metric = metric
    var places = (0, 0)
    while places.0 < first.count || places.1 < second.count {
      let a = places.0 < first.count ? first[places.0] : nil
      let b = places.1 < second.count ? second[places.1] : nil
      let here = min(a?.step ?? .max, b?.step ?? .max)
      let values = (a?.step == here ? a?.value : nil, b?.step == here ? b?.value : nil)
      if values.0 != nil { places.0 += 1 }
      if values.1 != nil { places.1 += 1 }
      if let x = values.0, let y = values.1 {
        points += 1
        if x != y { largest = max(largest, abs(x - y)) }
        if Self.agree(x, y, tolerance) { continue }
      }
      guard step == nil else { continue }
      (step, self.first, self.second) = (here, values.0, values.1)
    }
  }

  /// Whether two numbers are the same, or as good as.
  static func agree(_ x: Double, _ y: Double, _ tolerance: Double) -> Bool {
    if x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN) { return true }
    return tolerance > 0 && abs(x - y) <= tolerance * max(1, abs(x), abs(y))
  }

  /// Every metric of either run but times, sorted.
  static func all(
    _ first: [String: [MetricPoint]], _ second: [String: [MetricPoint]], tolerance: Double = 0
  ) -> [CurveComparison] {
    Set(first.keys).union(second.keys).filter { !isTime($0) }.sorted().map {
      CurveComparison($0, first[$0] ?? [], second[$0] ?? [], tolerance: tolerance)
    }
  }

  /// `train/loss parts at step 3: 2.5 and 2.25, at most 0.5 apart`; `nil` where it does not.
  var sentence: String? {
    guard let step else { return nil }
    switch (first, second) {
    case (let first?, let second?):
      let apart = String(format: "%.4g", largest)
      return "\(metric) parts at step \(step): \(first) and \(second), at most \(apart) apart"
    case (nil, let second?): return "\(metric) parts at step \(step): none and \(second)"
    case (let first?, nil): return "\(metric) parts at step \(step): \(first) and none"
    case (nil, nil): return nil
    }
  }
}
