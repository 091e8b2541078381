import Experiments

/// Parameters of other trackers, which are texts there as a rule, as the values they stand for.
enum ParameterText {
  /// `12`, `3e-4`, `True` as number and truth; everything else stays a text.
  static func value(_ text: String) -> JSONValue {
    if let number = Int(text) { return .integer(number) }
    if let number = Double(text), number.isFinite, text.first?.isLetter != true {
      return self.number(number)
    }
    switch text {
    case "True", "true": return .bool(true)
    case "False", "false": return .bool(false)
    default: return .string(text)
    }
  }

  /// A whole number as such; NaN and infinity, which JSON lacks, as text.
  static func number(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .string("\(value)") }
    return Int(exactly: value).map(JSONValue.integer) ?? .number(value)
  }
}
