public import Experiments

/// A JSON document in a column, read where it is asked for: a list of ten thousand runs does not
/// decode ten thousand specifications.
///
/// Texts are our own, so what is no JSON reads as nothing rather than as an error.
public struct JSONText: Hashable, Sendable {
  /// The document as it is stored.
  public let text: String

  public init(_ text: String) { self.text = text }

  /// The member at a path of names of members; `nil` where there is none.
  public subscript(_ path: String...) -> JSONText? {
    var found: Range<Int>?
    reading { cursor in
      for name in path {
        guard cursor.enter(name) else { return }
      }
      let start = cursor.index
      if cursor.skip() { found = start..<cursor.index }
    }
    guard let found else { return nil }
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: found.lowerBound)
    let end = bytes.index(bytes.startIndex, offsetBy: found.upperBound)
    return JSONText(String(text[start..<end]))
  }

  /// The whole document as a value.
  public var value: JSONValue? {
    var value: JSONValue?
    reading { value = $0.value() }
    return value
  }

  /// The members of the object at a path of names of members, in the order of the text; none where
  /// there is none.
  public func members(at path: String...) -> [(name: String, value: JSONValue)] {
    var members: [(name: String, value: JSONValue)] = []
    reading { cursor in
      for name in path {
        guard cursor.enter(name) else { return }
      }
      guard cursor.take("{") else { return }
      while let name = cursor.name(), let value = cursor.value() {
        members.append((name, value))
        guard cursor.take(",") else { return }
      }
    }
    return members
  }

  private func reading(_ body: (inout JSONCursor) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      var cursor = JSONCursor(bytes: bytes)
      body(&cursor)
    }
  }
}

/// A place in the bytes of a JSON document.
struct JSONCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0d).contains(byte) { index += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = next, UInt32(byte) == character.value else { return false }
    index += 1
    return true
  }

  /// Goes to the value of a member of the object that begins here.
  mutating func enter(_ name: String) -> Bool {
    guard take("{") else { return false }
    var name = name
    return name.withUTF8 { wanted in
      while true {
        skipSpace()
        let start = index + 1
        guard skipString() else { return false }
        let length = index - 1 - start
        let isWanted =
          length == wanted.count
          && (0..<length).allSatisfy { bytes[start + $0] == wanted[$0] }
        guard take(":") else { return false }
        skipSpace()
        if isWanted { return true }
        guard skip(), take(",") else { return false }
      }
    }
  }

  /// Goes behind the value that begins here.
  mutating func skip() -> Bool {
    skipSpace()
    guard let first = next else { return false }
    if first == 0x22 { return skipString() }
    guard first == 0x7b || first == 0x5b else {
      let start = index
      while let byte = next, byte != 0x2c, byte != 0x7d, byte != 0x5d { index += 1 }
      return index > start
    }
    var depth = 0
    while let byte = next {
      switch byte {
      case 0x22:
        guard skipString() else { return false }
        continue
      case 0x7b, 0x5b: depth += 1
      case 0x7d, 0x5d: depth -= 1
      default: break
      }
      index += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func skipString() -> Bool {
    guard next == 0x22 else { return false }
    index += 1
    while let byte = next {
      index += byte == 0x5c ? 2 : 1
      if byte == 0x22 { return true }
    }
    return false
  }

  /// The name of a member, and its colon.
  mutating func name() -> String? {
    skipSpace()
    guard let name = string(), take(":") else { return nil }
    return name
  }

  private mutating func string() -> String? {
    let start = index
    guard skipString() else { return nil }
    let content = UnsafeBufferPointer(rebasing: bytes[start + 1..<index - 1])
    guard content.contains(0x5c) else { return String(decoding: content, as: UTF8.self) }
    return Self.unescaped(content)
  }

  private static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var units: [UInt16] = []
    var index = 0
    let text = Array(String(decoding: bytes, as: UTF8.self).utf16)
    while index < text.count {
      guard text[index] == 0x5c, index + 1 < text.count else {
        units.append(text[index])
        index += 1
        continue
      }
      let escape = text[index + 1]
      index += 2
      switch escape {
      case 0x62: units.append(0x08)
      case 0x66: units.append(0x0c)
      case 0x6e: units.append(0x0a)
      case 0x72: units.append(0x0d)
      case 0x74: units.append(0x09)
      case 0x75:
        guard index + 4 <= text.count,
          let unit = UInt16(String(decoding: text[index..<index + 4], as: UTF16.self), radix: 16)
        else { return nil }
        units.append(unit)
        index += 4
      default: units.append(escape)
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  mutating func value() -> JSONValue? {
    skipSpace()
    switch next {
    case 0x22: return string().map { .string($0) }
    case 0x7b:
      index += 1
      var members: [String: JSONValue] = [:]
      while !take("}") {
        guard let name = name(), let value = value() else { return nil }
        members[name] = value
        _ = take(",")
      }
      return .object(members)
    case 0x5b:
      index += 1
      var values: [JSONValue] = []
      while !take("]") {
        guard let value = value() else { return nil }
        values.append(value)
        _ = take(",")
      }
      return .array(values)
    case nil: return nil
    default: return scalar()
    }
  }

  private mutating func scalar() -> JSONValue? {
    let start = index
    guard skip() else { return nil }
    var end = index
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      if let integer = Int(text) { return .integer(integer) }
      return Double(text).map { .number($0) }
    }
  }
}
