import Foundation

/// The fields of an `adapter_config.json`, each read as the type it must have.
struct PEFTFields {
  let path: String
  private let members: [JSONValue.Member]

  init(path: String) throws(CheckpointError) {
    let file = try MappedFile(path: path)
    let value: JSONValue
    do {
      value = try JSONReader.value(in: file.bytes)
    } catch {
      throw .malformedConfiguration(path: path, byte: error.byte, reason: error.reason)
    }
    guard let members = value.members else {
      throw .malformedConfiguration(path: path, byte: 0, reason: "it is not a JSON object")
    }
    self.path = path
    self.members = members
  }

  /// A field's value; nil where it is missing or null.
  private func value(_ field: String) throws(CheckpointError) -> JSONValue? {
    let found = members.filter { $0.name == field }
    guard found.count <= 1 else { throw wrong(field, "comes a second time") }
    guard let value = found.first?.value, value != .null else { return nil }
    return value
  }

  /// The error that a field is not as it must be.
  func wrong(_ field: String, _ reason: String) -> CheckpointError {
    .malformedField(path: path, field: field, reason: reason)
  }

  /// A field that must be there.
  func required<Value>(_ field: String, _ value: Value?) throws(CheckpointError) -> Value {
    guard let value else { throw wrong(field, "is missing, which this kind of adapter needs") }
    return value
  }

  func text(_ field: String) throws(CheckpointError) -> String? {
    guard let value = try value(field) else { return nil }
    guard let text = value.text else { throw wrong(field, "is not a text") }
    return text
  }

  func boolean(_ field: String) throws(CheckpointError) -> Bool? {
    guard let value = try value(field) else { return nil }
    guard case .boolean(let boolean) = value else { throw wrong(field, "is not true or false") }
    return boolean
  }

  /// A whole number that is not negative.
  func count(_ field: String) throws(CheckpointError) -> Int? {
    guard let value = try value(field) else { return nil }
    guard case .integer(let integer) = value, (0...1 << 31).contains(integer) else {
      throw wrong(field, "is not a whole number that counts something")
    }
    return integer
  }

  func number(_ field: String) throws(CheckpointError) -> Double? {
    guard let value = try value(field) else { return nil }
    guard let number = value.double else { throw wrong(field, "is not a number") }
    return number
  }

  /// Numbers by name, in the order of the file; none where the field is missing.
  func numbers(_ field: String) throws(CheckpointError) -> [(name: String, number: Double)] {
    guard let value = try value(field) else { return [] }
    guard let members = value.members else {
      throw wrong(field, "is not a JSON object with a number for each name")
    }
    var numbers: [(name: String, number: Double)] = []
    for member in members {
      guard let number = member.value.double else {
        throw wrong(field, "has a value for '\(member.name)' that is not a number")
      }
      numbers.append((member.name, number))
    }
    return numbers
  }

  /// The names of modules: a list of them, or one expression that matches them.
  func modules(_ field: String) throws(CheckpointError) -> PEFTModules? {
    guard let value = try value(field) else { return nil }
    if let text = value.text { return .matching(text) }
    guard case .array(let values) = value else {
      throw wrong(field, "is neither a list of names nor an expression")
    }
    var names: [String] = []
    for value in values {
      guard let name = value.text else { throw wrong(field, "has a name that is not a text") }
      names.append(name)
    }
    return .named(names)
  }

  /// Refuses an adapter that uses one of these features, which change what it computes.
  func refuse(_ features: [String]) throws(CheckpointError) {
    for field in features {
      switch try value(field) {
      case nil, .boolean(false), .array([]), .object([]): continue
      default: throw wrong(field, "asks for something that is not read here: leave it off")
      }
    }
  }
}
