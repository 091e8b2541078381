import Foundation

/// Encodes any value as a `JSONValue` without writing text, as `JSONEncoder` would have it read
/// back.
///
/// Plans have up to a million pieces to be compared and written; by way of text that takes long.
struct JSONValueEncoder: Encoder {
  /// What was encoded so far; a class because containers outlive the call that asked for them.
  final class Node {
    fileprivate var value: JSONValue?
    fileprivate var members: [String: JSONValue]?
    fileprivate var elements: [JSONValue]?
    /// Containers inside, which may still grow.
    fileprivate var inside: [(key: String, index: Int, node: Node)] = []

    /// The whole; `nil` where nothing was encoded.
    var finished: JSONValue? {
      if var members {
        for part in inside { members[part.key] = part.node.finished ?? .object([:]) }
        return .object(members)
      }
      if var elements {
        for part in inside { elements[part.index] = part.node.finished ?? .object([:]) }
        return .array(elements)
      }
      return value
    }
  }

  let node = Node()
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// - Throws: `EncodingError` where a number is not finite or nothing is encoded.
  static func encode(_ value: some Encodable) throws -> JSONValue {
    guard let encoded = try part(value) else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: [], debugDescription: "it encodes nothing"))
    }
    return encoded
  }

  private static func part<Value: Encodable>(_ value: Value) throws -> JSONValue? {
    if let value = value as? JSONValue { return try value.checked() }
    // Types that JSONEncoder knows better than they do themselves.
    if Value.self == URL.self || Value.self == Data.self || Value.self == Decimal.self {
      return try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }
    let encoder = JSONValueEncoder()
    try value.encode(to: encoder)
    return encoder.node.finished
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if node.members == nil { node.members = [:] }
    return KeyedEncodingContainer(Members(node: node))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if node.elements == nil { node.elements = [] }
    return Elements(node: node)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node) }

  /// The number as it reads back: whole ones as integers.
  static func number(_ value: Double) throws -> JSONValue {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: [], debugDescription: "JSON has no \(value)"))
    }
    return Int(exactly: value).map(JSONValue.integer) ?? .number(value)
  }

  private static func integer(_ value: some BinaryInteger) -> JSONValue {
    Int(exactly: value).map(JSONValue.integer) ?? .number(Double(value))
  }

  private static func generic(_ value: some Encodable) throws -> JSONValue {
    try part(value) ?? .object([:])
  }

  private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    private func put(_ value: JSONValue, _ key: Key) { node.members?[key.stringValue] = value }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) throws {
      put(try JSONValueEncoder.number(value), key)
    }
    func encode(_ value: Float, forKey key: Key) throws {
      put(try JSONValueEncoder.number(Double("\(value)") ?? Double(value)), key)
    }
    func encode(_ value: Int, forKey key: Key) { put(.integer(value), key) }
    func encode(_ value: Int64, forKey key: Key) { put(integer(value), key) }
    func encode(_ value: UInt64, forKey key: Key) { put(integer(value), key) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      put(try generic(value), key)
    }

    func nestedContainer<Inner: CodingKey>(
      keyedBy type: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> {
      superEncoder(named: key.stringValue).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      superEncoder(named: key.stringValue).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { superEncoder(named: "super") }
    func superEncoder(forKey key: Key) -> any Encoder { superEncoder(named: key.stringValue) }

    private func superEncoder(named name: String) -> JSONValueEncoder {
      let encoder = JSONValueEncoder()
      node.inside.append((name, 0, encoder.node))
      return encoder
    }
  }

  private struct Elements: UnkeyedEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.elements?.count ?? 0 }

    private func put(_ value: JSONValue) { node.elements?.append(value) }

    func encodeNil() { put(.null) }
    func encode(_ value: Bool) { put(.bool(value)) }
    func encode(_ value: String) { put(.string(value)) }
    func encode(_ value: Double) throws { put(try JSONValueEncoder.number(value)) }
    func encode(_ value: Float) throws {
      put(try JSONValueEncoder.number(Double("\(value)") ?? Double(value)))
    }
    func encode(_ value: Int) { put(.integer(value)) }
    func encode<Value: Encodable>(_ value: Value) throws { put(try generic(value)) }

    func nestedContainer<Inner: CodingKey>(
      keyedBy type: Inner.Type
    ) -> KeyedEncodingContainer<Inner> {
      inside().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { inside().unkeyedContainer() }
    func superEncoder() -> any Encoder { inside() }

    private func inside() -> JSONValueEncoder {
      let encoder = JSONValueEncoder()
      node.inside.append(("", count, encoder.node))
      put(.null)
      return encoder
    }
  }

  private struct Single: SingleValueEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { node.value = .null }
    func encode(_ value: Bool) { node.value = .bool(value) }
    func encode(_ value: String) { node.value = .string(value) }
    func encode(_ value: Double) throws { node.value = try JSONValueEncoder.number(value) }
    func encode(_ value: Float) throws {
      node.value = try JSONValueEncoder.number(Double("\(value)") ?? Double(value))
    }
    func encode(_ value: Int) { node.value = .integer(value) }
    func encode(_ value: Int8) { node.value = integer(value) }
    func encode(_ value: Int16) { node.value = integer(value) }
    func encode(_ value: Int32) { node.value = integer(value) }
    func encode(_ value: Int64) { node.value = integer(value) }
    func encode(_ value: UInt) { node.value = integer(value) }
    func encode(_ value: UInt8) { node.value = integer(value) }
    func encode(_ value: UInt16) { node.value = integer(value) }
    func encode(_ value: UInt32) { node.value = integer(value) }
    func encode(_ value: UInt64) { node.value = integer(value) }
    func encode<Value: Encodable>(_ value: Value) throws { node.value = try generic(value) }
  }
}

extension JSONValue {
  /// This value with whole numbers as integers.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  fileprivate func checked() throws -> JSONValue {
    switch self {
    case .null, .bool, .integer, .string: self
    case .number(let value): try JSONValueEncoder.number(value)
    case .array(let values): .array(try values.map { try $0.checked() })
    case .object(let members): .object(try members.mapValues { try $0.checked() })
    }
  }
}
