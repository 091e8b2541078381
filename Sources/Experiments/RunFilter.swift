/// A condition on runs, as `--where` and `--only` take it.
///
/// `method = dept and seed in (1, 2)`, `learningRate >= 0.3, not state = failed`,
/// `dataset ~ mrpc or test.accuracy > 0.8`. A comma means *and*; `~` means *contains*.
public struct RunFilter: Hashable, Sendable {
  /// What a field is compared by.
  enum Comparison: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case contains = "~"
  }

  indirect enum Condition: Hashable, Sendable {
    case compare(field: String, Comparison, JSONValue)
    case among(field: String, [JSONValue])
    case both(Condition, Condition)
    case either(Condition, Condition)
    case not(Condition)
  }

  let condition: Condition

  /// Reads a condition.
  public init(_ text: String) throws(RunFilterError) {
    var parser = try RunFilterParser(text)
    condition = try parser.condition()
    try parser.end()
  }

  /// Whether the run that `field` describes fits; a field it does not have fits nothing.
  public func matches(_ field: (String) -> JSONValue?) -> Bool { holds(condition, field) }

  /// Every field the condition names, in its order.
  public var fields: [String] {
    func names(_ condition: Condition) -> [String] {
      switch condition {
      case .compare(let field, _, _), .among(let field, _): [field]
      case .both(let a, let b), .either(let a, let b): names(a) + names(b)
      case .not(let a): names(a)
      }
    }
    return names(condition)
  }

  private func holds(_ condition: Condition, _ field: (String) -> JSONValue?) -> Bool {
    switch condition {
    case .compare(let name, let comparison, let value):
      guard let actual = field(name) else { return false }
      return compare(actual, comparison, value)
    case .among(let name, let values):
      guard let actual = field(name) else { return false }
      return values.contains { compare(actual, .equal, $0) }
    case .both(let a, let b): return holds(a, field) && holds(b, field)
    case .either(let a, let b): return holds(a, field) || holds(b, field)
    case .not(let a): return !holds(a, field)
    }
  }

  private func compare(_ a: JSONValue, _ comparison: Comparison, _ b: JSONValue) -> Bool {
    if comparison == .contains { return a.plainText.contains(b.plainText) }
    if let a = a.scalar, let b = b.scalar { return order(a, comparison, b) }
    return order(a.plainText, comparison, b.plainText)
  }

  private func order<Value: Comparable>(_ a: Value, _ comparison: Comparison, _ b: Value) -> Bool {
    switch comparison {
    case .equal: a == b
    case .unequal: a != b
    case .less: a < b
    case .atMost: a <= b
    case .greater: a > b
    case .atLeast: a >= b
    case .contains: false
    }
  }
}

extension JSONValue {
  /// The number it holds; `nil` for everything else.
  fileprivate var scalar: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The text people would type for it.
  package var plainText: String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): value.description
    case .string(let value): value
    case .array(let values): "[" + values.map(\.plainText).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.plainText)" }
        .joined(separator: ",") + "}"
    }
  }
}
