/// A JSON value, with its members in the order of the file.
///
/// Foundation's parsers drop all but one of two members with the same name, which files of tensors
/// must not have, so these have a reader of their own.
indirect enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  /// A number that is a whole one in `Int`'s range.
  case integer(Int)
  /// Any other number, as spelled.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name with its value, and where the name starts.
  struct Member: Equatable {
    var name: String
    var value: JSONValue
    var byte: Int

    init(name: String, value: JSONValue, byte: Int) {
      self.name = name
      self.value = value
      self.byte = byte
    }

    /// A member that is to be written.
    init(_ name: String, _ value: JSONValue) {
      self.init(name: name, value: value, byte: 0)
    }
  }

  /// The whole numbers of a list that has nothing else.
  var integers: [Int]? {
    guard case .array(let values) = self else { return nil }
    var found: [Int] = []
    for value in values {
      guard case .integer(let number) = value else { return nil }
      found.append(number)
    }
    return found
  }

  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Any number.
  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let spelling): Double(spelling)
    default: nil
    }
  }

  /// A number to be written; it must be finite.
  init(_ number: Double) {
    self = Int(exactly: number).map(JSONValue.integer) ?? .number("\(number)")
  }
}
