import Documents

/// A linear axis with round ticks.
struct ChartScale {
  let low: Double
  let high: Double
  let step: Double

  /// Covers `values` and a little more; the ticks are multiples of 1, 2 or 5 times a power of ten.
  init(covering values: [Double], ticks: Int, includesZero: Bool = false) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if includesZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    if high - low <= abs(high) * 1e-9 {
      let room = max(abs(high) * 0.05, 0.5)
      low -= room
      high += room
    }
    let step = Self.roundStep((high - low) / Double(max(1, ticks)))
    self.step = step
    self.low = (low / step).rounded(.down) * step
    self.high = (high / step).rounded(.up) * step
  }

  /// Spans `values` exactly, with round ticks inside.
  init(spanning values: [Double], ticks: Int) {
    let finite = values.filter(\.isFinite)
    low = finite.min() ?? 0
    let top = finite.max() ?? 1
    high = top > low ? top : low + 1
    step = Self.roundStep((high - low) / Double(max(1, ticks)))
  }

  var ticks: [Double] {
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// A tick's text, with the decimals that its step needs.
  func label(_ tick: Double) -> String {
    if step >= 1000 {
      let thousands = step.truncatingRemainder(dividingBy: 1000) == 0 ? 0 : 1
      return tick == 0 ? "0" : "\(NumberFormat.fixed(tick / 1000, thousands))k"
    }
    var decimals = 0
    var unit = step
    while unit < 0.999_999, decimals < 9 {
      unit *= 10
      decimals += 1
    }
    return Numerals.minus(NumberFormat.fixed(tick, decimals))
  }

  /// Where a value lies between the ends: 0 at `low`, 1 at `high`.
  func position(_ value: Double) -> Double { (value - low) / (high - low) }

  private static func roundStep(_ rough: Double) -> Double {
    guard rough.isFinite, rough > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= rough, power < 1e300 { power *= 10 }
    while power > rough, power > 1e-300 { power /= 10 }
    let ratio = rough / power
    return power * (ratio <= 1.0001 ? 1 : ratio <= 2.0001 ? 2 : ratio <= 5.0001 ? 5 : 10)
  }
}
