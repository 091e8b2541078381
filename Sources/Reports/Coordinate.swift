import Documents
public import Experiments

/// Where a run lies on an axis.
public enum Coordinate: Hashable, Sendable {
  /// The axis does not apply: a prompt length where there is no prompt.
  case none
  case number(Double)
  case text(String)
  case method(MethodDescription)
  /// The base learning rates of the default and the low-rank group.
  case rates(Double, lowRank: Double?)

  /// What a table prints for it where the axis has no words of its own.
  public var label: String {
    switch self {
    case .none: "–"
    case .number(let value): NumberFormat.short(value)
    case .text(let text): text
    case .method(let method): method.name
    case .rates(let rate, nil): NumberFormat.short(rate)
    case .rates(let rate, let lowRank?):
      "\(NumberFormat.short(rate)) / \(NumberFormat.short(lowRank))"
    }
  }

  /// A JSON value as a place on an axis.
  init(_ value: JSONValue?) {
    switch value {
    case nil, .null?: self = .none
    case .integer(let number)?: self = .number(Double(number))
    case .number(let number)?: self = .number(number)
    case .some(let other): self = .text(other.compactText)
    }
  }
}

extension JSONValue {
  /// The value in as few signs as possible, keys sorted.
  var compactText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): "\(value)"
    case .number(let value): NumberFormat.short(value)
    case .string(let value): value
    case .array(let values): "[\(values.map(\.compactText).joined(separator: ", "))]"
    case .object(let members):
      Self.compactText(members.sorted { $0.key < $1.key })
    }
  }

  private static func compactText(_ members: [(key: String, value: JSONValue)]) -> String {
    "{" + members.map { "\($0.key): \($0.value.compactText)" }.joined(separator: ", ") + "}"
  }
}
