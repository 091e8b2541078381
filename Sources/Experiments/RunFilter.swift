/// A condition on runs, as `--where` and `--only` take it.
///
/// `method = dept and seed in 1...3`, `best(validation/accuracy) > 0.8, not state = failed`,
/// `dataset ~ mrpc or tag = best`. A comma means *and*; `~` means *contains*, `~=` *matches the
/// regular expression*. `docs/filters.md` has the grammar.
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
    case within(field: String, FilterRange)
    case matches(field: String, FilterPattern)
    case missing(field: String)
    case both(Condition, Condition)
    case either(Condition, Condition)
    case not(Condition)
  }

  let condition: Condition
  /// The fields that the condition names, in its order, each with the column it is first named in.
  package let places: [(field: String, column: Int)]

  /// Reads a condition.
  public init(_ text: String) throws(RunFilterError) {
    var parser = RunFilterParser(try RunFilterLexer.tokens(of: text), length: text.count)
    condition = try parser.condition()
    try parser.end()
    places = parser.places
  }

  public static func == (a: RunFilter, b: RunFilter) -> Bool { a.condition == b.condition }

  public func hash(into hasher: inout Hasher) { hasher.combine(condition) }

  /// Whether the run that `field` describes fits; a field it does not have fits nothing but
  /// `is missing`.
  public func matches(_ field: (String) -> JSONValue?) -> Bool { holds(condition, field) }

  /// Every field the condition names, in its order; a summary of a run's points is named as it is
  /// written: `best(validation/accuracy)`.
  public var fields: [String] { places.map(\.field) }

  private func holds(_ condition: Condition, _ field: (String) -> JSONValue?) -> Bool {
    switch condition {
    case .compare(let name, let comparison, let value):
      guard let actual = field(name) else { return false }
      return compare(actual, comparison, value)
    case .among(let name, let values):
      guard let actual = field(name) else { return false }
      return values.contains { compare(actual, .equal, $0) }
    case .within(let name, let range):
      guard let number = field(name)?.scalar else { return false }
      return range.contains(number)
    case .matches(let name, let pattern):
      guard let actual = field(name) else { return false }
      return actual.members.contains { pattern.matches($0.plainText) }
    case .missing(let name):
      let actual = field(name)
      return actual == nil || actual == .null || actual == .array([])
    case .both(let a, let b): return holds(a, field) && holds(b, field)
    case .either(let a, let b): return holds(a, field) || holds(b, field)
    case .not(let a): return !holds(a, field)
    }
  }

  /// A field with several values, such as a run's tags, is equal to what one of them is equal to.
  private func compare(_ a: JSONValue, _ comparison: Comparison, _ b: JSONValue) -> Bool {
    if case .array(let values) = a, values.allSatisfy(\.isText) {
      if comparison == .unequal { return !values.contains(b) }
      if values.contains(where: { compare($0, comparison, b) }) { return true }
    }
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
  package var scalar: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  fileprivate var isText: Bool {
    if case .string = self { true } else { false }
  }

  /// The values of a list of texts; any other value by itself.
  fileprivate var members: [JSONValue] {
    if case .array(let values) = self, values.allSatisfy(\.isText) { values } else { [self] }
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
    // A choice without more to say, as Swift writes enumerations: `sampledVocabulary`.
    case .object(let members) where members.count == 1 && members.first?.value == .object([:]):
      members.first?.key ?? ""
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.plainText)" }
        .joined(separator: ",") + "}"
    }
  }
}
