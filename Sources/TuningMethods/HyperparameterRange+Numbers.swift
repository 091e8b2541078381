extension HyperparameterRange {
  /// A sentence where `value` is not above `bound`, or no number.
  static func issue(_ name: String, _ value: Float, above bound: Float) -> [String] {
    value > bound && value.isFinite ? [] : ["\(name) is \(value); it has to be above \(bound)"]
  }

  /// A sentence where `value` is no probability with which something can be dropped.
  static func issue(_ name: String, dropping value: Float) -> [String] {
    (0..<1).contains(value) ? [] : ["\(name) is \(value); it has to be at least 0, below 1"]
  }
}
