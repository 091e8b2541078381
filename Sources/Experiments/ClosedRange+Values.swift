import Foundation

extension ClosedRange<Double> {
  /// `count` values from the lower to the upper bound, each a constant factor above the one before.
  ///
  /// Values between the bounds are rounded to 6 significant digits, so that a run's identity does
  /// not depend on a machine's mathematics: `(1e-4...1e-2).logarithmic(3)` is 0.0001, 0.001, 0.01.
  /// One value is the lower bound. A count below 1 or a bound that is not positive is an issue of
  /// the plan.
  public func logarithmic(
    _ count: Int, file: String = #filePath, line: Int = #line
  ) -> [Double] {
    guard isLogarithmic("logarithmic", file, line) else { return [] }
    return values(count, "logarithmic", file, line) { logarithmicValue(at: $0) }
  }

  /// `count` values from the lower to the upper bound, at equal distances; rounded to 6 significant
  /// digits between the bounds.
  ///
  /// One value is the lower bound. A count below 1 is an issue of the plan.
  public func linear(_ count: Int, file: String = #filePath, line: Int = #line) -> [Double] {
    values(count, "linear", file, line) { linearValue(at: $0) }
  }

  /// Whether values can lie on a logarithmic scale; otherwise that is an issue of the plan.
  func isLogarithmic(_ name: String, _ file: String, _ line: Int) -> Bool {
    guard lowerBound > 0, upperBound.isFinite else {
      PlanIssueCollector.report(
        "`\(name)` got the range \(lowerBound)...\(upperBound); its bounds have to be positive and "
          + "finite", file, line)
      return false
    }
    return true
  }

  /// The value at a part from 0 to 1 of the logarithmic scale.
  func logarithmicValue(at part: Double) -> Double {
    clamped(exp(log(lowerBound) + part * (log(upperBound) - log(lowerBound))))
  }

  /// The value at a part from 0 to 1 of the range.
  func linearValue(at part: Double) -> Double {
    clamped(lowerBound + part * (upperBound - lowerBound))
  }

  private func clamped(_ value: Double) -> Double {
    Swift.min(upperBound, Swift.max(lowerBound, value.rounded(toSignificantDigits: 6)))
  }

  private func values(
    _ count: Int, _ name: String, _ file: String, _ line: Int, _ value: (Double) -> Double
  ) -> [Double] {
    guard count >= 1 else {
      PlanIssueCollector.report(
        "`\(name)` was asked for \(count) values; ask for at least 1", file, line)
      return []
    }
    guard lowerBound.isFinite, upperBound.isFinite else {
      PlanIssueCollector.report(
        "`\(name)` got the range \(lowerBound)...\(upperBound); its bounds have to be finite", file,
        line)
      return []
    }
    let values = (0..<count).map { index in
      index == 0
        ? lowerBound
        : index == count - 1 ? upperBound : value(Double(index) / Double(count - 1))
    }
    return Self.distinct(values, of: self, name, file, line)
  }
}

extension ClosedRange<Int> {
  /// `count` whole numbers from the lower to the upper bound, each about a constant factor above
  /// the one before: `(1...64).logarithmic(4)` is 1, 4, 16, 64.
  ///
  /// Where there are fewer different whole numbers than asked for, that is an issue of the plan, as
  /// is a bound below 1.
  public func logarithmic(
    _ count: Int, file: String = #filePath, line: Int = #line
  ) -> [Int] {
    let range = Double(lowerBound)...Double(upperBound)
    let values = range.logarithmic(count, file: file, line: line).map { Int($0.rounded()) }
    return ClosedRange<Double>.distinct(values, of: self, "logarithmic", file, line)
  }

  /// `count` whole numbers from the lower to the upper bound, at about equal distances.
  ///
  /// Where there are fewer different whole numbers than asked for, that is an issue of the plan.
  public func linear(_ count: Int, file: String = #filePath, line: Int = #line) -> [Int] {
    let range = Double(lowerBound)...Double(upperBound)
    let values = range.linear(count, file: file, line: line).map { Int($0.rounded()) }
    return ClosedRange<Double>.distinct(values, of: self, "linear", file, line)
  }
}

extension ClosedRange<Double> {
  /// Each value once; that there are fewer than asked for is an issue of the plan.
  fileprivate static func distinct<Value: Hashable>(
    _ values: [Value], of range: Any, _ name: String, _ file: String, _ line: Int
  ) -> [Value] {
    var seen: Set<Value> = []
    let distinct = values.filter { seen.insert($0).inserted }
    if distinct.count < values.count {
      PlanIssueCollector.report(
        "`(\(range)).\(name)(\(values.count))` has only \(distinct.count) different values; ask "
          + "for fewer", file, line)
    }
    return distinct
  }
}

extension Double {
  /// The nearest number with so many significant decimal digits.
  func rounded(toSignificantDigits count: Int) -> Double {
    guard isFinite else { return self }
    return Double(String(format: "%.\(count - 1)e", self)) ?? self
  }
}
