import Foundation

/// Decodes values from a `JSONValue`, as `JSONDecoder` does from text.
struct JSONValueDecoder: Decoder {
  let value: JSONValue
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func decode<Value: Decodable>(_ type: Value.Type, from value: JSONValue) throws -> Value {
    try JSONValueDecoder(value: value).decode(type)
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let value = value as? Value { return value }
    // Types that JSONDecoder knows better than they do themselves.
    if type == URL.self || type == Data.self || type == Decimal.self {
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(value))
    }
    return try Value(from: self)
  }

  fileprivate func mismatch(_ type: Any.Type) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "there is a value of another type")
    return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  fileprivate func integer<Value: BinaryInteger>(_ type: Value.Type) throws -> Value {
    guard case .integer(let number) = value, let result = Value(exactly: number) else {
      throw mismatch(type)
    }
    return result
  }

  fileprivate func double() throws -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number): return number
    default: throw mismatch(Double.self)
    }
  }

  fileprivate func bool() throws -> Bool {
    guard case .bool(let result) = value else { throw mismatch(Bool.self) }
    return result
  }

  fileprivate func string() throws -> String {
    guard case .string(let result) = value else { throw mismatch(String.self) }
    return result
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(Members(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([Any].self) }
    return Elements(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.keys.compactMap(Key.init) }

    private func inside(_ key: any CodingKey) throws -> JSONValueDecoder {
      guard let value = members[key.stringValue] else {
        throw DecodingError.keyNotFound(
          key, .init(codingPath: codingPath, debugDescription: "it is missing"))
      }
      return JSONValueDecoder(value: value, codingPath: codingPath + [key])
    }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try inside(key).value == .null }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try inside(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try inside(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try inside(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
      Float(try inside(key).double())
    }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try inside(key).integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try inside(key).decode(type)
    }
    func nestedContainer<Inner: CodingKey>(
      keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> {
      try inside(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try inside(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { try inside(SuperKey()) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try inside(key) }
  }

  private struct SuperKey: CodingKey {
    let stringValue = "super"
    let intValue: Int? = nil
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
  }

  private struct Elements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    private struct Index: CodingKey {
      let index: Int
      var stringValue: String { "\(index)" }
      var intValue: Int? { index }
      init(_ index: Int) { self.index = index }
      init?(stringValue: String) { nil }
      init?(intValue: Int) { index = intValue }
    }

    private func here() throws -> JSONValueDecoder {
      let path = codingPath + [Index(currentIndex)]
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          JSONValue.self, .init(codingPath: path, debugDescription: "the list is at its end"))
      }
      return JSONValueDecoder(value: elements[currentIndex], codingPath: path)
    }

    private mutating func taking<Value>(
      _ read: (JSONValueDecoder) throws -> Value
    ) throws -> Value {
      let value = try read(here())
      currentIndex += 1
      return value
    }

    mutating func decodeNil() throws -> Bool {
      guard try here().value == .null else { return false }
      currentIndex += 1
      return true
    }
    mutating func decode(_ type: String.Type) throws -> String { try taking { try $0.string() } }
    mutating func decode(_ type: Int.Type) throws -> Int { try taking { try $0.integer(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try taking { try $0.double() } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try taking { try $0.decode(type) }
    }
    mutating func nestedContainer<Inner: CodingKey>(
      keyedBy type: Inner.Type
    ) throws -> KeyedDecodingContainer<Inner> {
      try taking { try $0.container(keyedBy: type) }
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try taking { try $0.unkeyedContainer() }
    }
    mutating func superDecoder() throws -> any Decoder { try taking { $0 } }
  }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }
  func decode(_ type: Bool.Type) throws -> Bool { try bool() }
  func decode(_ type: String.Type) throws -> String { try string() }
  func decode(_ type: Double.Type) throws -> Double { try double() }
  func decode(_ type: Float.Type) throws -> Float { Float(try double()) }
  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
}
