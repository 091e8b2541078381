import Foundation

/// The numbers from one bound to another; a bound that is `nil` does not bound.
struct FilterRange: Hashable, Sendable {
  var lower: Double?
  var upper: Double?
  /// Whether the upper bound itself is left out.
  var isHalfOpen = false

  func contains(_ number: Double) -> Bool {
    if number.isNaN { return false }
    if let lower, number < lower { return false }
    guard let upper else { return true }
    return isHalfOpen ? number < upper : number <= upper
  }

  /// Reads `1...3`, `1e-3..0.3`, `0..<10`, `3...` or `...3`; `nil` where the text is no range.
  init?(_ text: String) {
    guard let dots = text.range(of: "..") else { return nil }
    var rest = text[dots.upperBound...]
    if rest.hasPrefix(".") {
      rest = rest.dropFirst()
    } else if rest.hasPrefix("<") {
      rest = rest.dropFirst()
      isHalfOpen = true
    }
    let (low, high) = (text[..<dots.lowerBound], rest)
    if low.isEmpty, high.isEmpty { return nil }
    if !low.isEmpty {
      guard let number = Double(low), !number.isNaN else { return nil }
      lower = number
    }
    if !high.isEmpty {
      guard let number = Double(high), !number.isNaN else { return nil }
      upper = number
    }
  }

  init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// A regular expression that a part of a field's text has to match.
struct FilterPattern: Hashable, Sendable {
  private let expression: NSRegularExpression

  /// `nil` where the text is no regular expression.
  init?(_ text: String) {
    guard let expression = try? NSRegularExpression(pattern: text) else { return nil }
    self.expression = expression
  }

  func matches(_ text: String) -> Bool {
    let whole = NSRange(text.startIndex..., in: text)
    return expression.firstMatch(in: text, range: whole) != nil
  }
}
