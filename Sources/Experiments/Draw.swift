import TensorEngine

/// One point of a sample: each value asked of it takes the next dimension.
public struct Draw {
  /// Gives the number in `0..<1` of a dimension; `nil` where there are no more dimensions.
  let coordinate: (Int) -> Double?
  /// How many dimensions there are, for the message.
  let dimensions: Int
  private var next = 0

  init(dimensions: Int = .max, _ coordinate: @escaping (Int) -> Double?) {
    self.dimensions = dimensions
    self.coordinate = coordinate
  }

  /// A number from `range`, every part of it as likely; 6 significant digits.
  public mutating func linear(
    _ range: ClosedRange<Double>, file: String = #filePath, line: Int = #line
  ) -> Double {
    let part = part(file, line)
    guard range.lowerBound.isFinite, range.upperBound.isFinite else {
      PlanIssueCollector.report(
        "`linear` got the range \(range); its bounds have to be finite", file, line)
      return 0
    }
    return range.linearValue(at: part)
  }

  /// A number from `range`, every order of magnitude as likely; 6 significant digits.
  public mutating func logarithmic(
    _ range: ClosedRange<Double>, file: String = #filePath, line: Int = #line
  ) -> Double {
    let part = part(file, line)
    guard range.isLogarithmic("logarithmic", file, line) else { return 1 }
    return range.logarithmicValue(at: part)
  }

  /// A whole number from `range`, each as likely.
  public mutating func integer(
    _ range: ClosedRange<Int>, file: String = #filePath, line: Int = #line
  ) -> Int {
    let count = Double(range.upperBound) - Double(range.lowerBound) + 1
    let offset = (part(file, line) * count).rounded(.down)
    return min(range.upperBound, range.lowerBound + Int(min(offset, count - 1)))
  }

  /// One of `values`, each as likely.
  ///
  /// - Precondition: there is at least one.
  public mutating func choice<Value>(
    _ values: some Collection<Value>, file: String = #filePath, line: Int = #line
  ) -> Value {
    precondition(!values.isEmpty, "`choice` got no value to choose among; give it at least one")
    let offset = min(values.count - 1, Int(part(file, line) * Double(values.count)))
    return values[values.index(values.startIndex, offsetBy: offset)]
  }

  /// The number in `0..<1` of the next dimension.
  private mutating func part(_ file: String, _ line: Int) -> Double {
    defer { next += 1 }
    if let part = coordinate(next) { return part }
    PlanIssueCollector.report(
      "a Sobol sample has \(dimensions) dimensions, and this is value \(next + 1) of one draw; "
        + "draw fewer, or take Samples.random", file, line)
    return 0
  }
}
