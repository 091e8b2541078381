import Foundation

/// Reads JSON text as a `JSONValue`, in one pass over its bytes.
struct JSONParser {
  /// What is wrong with a text, and at which byte.
  struct Malformed: Error {
    var byte: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  private var depth = 0
  /// Deeper than any plan, and shallow enough for the stack.
  private static let deepest = 200

  /// The value that `data` is the text of.
  ///
  /// - Throws: `Malformed`.
  static func value(of data: some ContiguousBytes) throws -> JSONValue {
    try data.withUnsafeBytes { buffer in
      try buffer.withMemoryRebound(to: UInt8.self) { bytes in
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.place == bytes.count else { throw Malformed(byte: parser.place) }
        return value
      }
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var malformed: Malformed { Malformed(byte: place) }

  private var next: UInt8 {
    get throws {
      guard place < bytes.count else { throw malformed }
      return bytes[place]
    }
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[place]) { place += 1 }
  }

  private mutating func value() throws -> JSONValue {
    skipSpace()
    switch try next {
    case UInt8(ascii: "{"): return try nested { parser in .object(try parser.members()) }
    case UInt8(ascii: "["): return try nested { parser in .array(try parser.elements()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ read: (inout JSONParser) throws -> JSONValue
  ) throws -> JSONValue {
    depth += 1
    guard depth <= Self.deepest else { throw malformed }
    defer { depth -= 1 }
    place += 1
    return try read(&self)
  }

  private mutating func members() throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    skipSpace()
    if try take("}") { return members }
    repeat {
      skipSpace()
      guard try next == UInt8(ascii: "\"") else { throw malformed }
      let key = try string()
      skipSpace()
      guard try take(":") else { throw malformed }
      members[key] = try value()
      skipSpace()
    } while try take(",")
    guard try take("}") else { throw malformed }
    return members
  }

  private mutating func elements() throws -> [JSONValue] {
    var elements: [JSONValue] = []
    skipSpace()
    if try take("]") { return elements }
    repeat {
      elements.append(try value())
      skipSpace()
    } while try take(",")
    guard try take("]") else { throw malformed }
    return elements
  }

  private mutating func take(_ sign: Unicode.Scalar) throws -> Bool {
    guard try next == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws -> JSONValue {
    let count = text.utf8CodeUnitCount
    guard place + count <= bytes.count,
      (0..<count).allSatisfy({ bytes[place + $0] == text.utf8Start[$0] })
    else { throw malformed }
    place += count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = place
    var whole = 0
    var isWhole = true
    if bytes[place] == UInt8(ascii: "-") { place += 1 }
    let digits = place
    while place < bytes.count {
      let byte = bytes[place]
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        if place - digits < 18 { whole = 10 * whole + Int(byte & 15) }
      } else if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
        isWhole = false
      } else if isWhole || byte != UInt8(ascii: "+") && byte != UInt8(ascii: "-") {
        break
      }
      place += 1
    }
    if isWhole, place > digits, place - digits <= 18 {
      return .integer(digits > start ? -whole : whole)
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw malformed }
    return Int(exactly: value).map(JSONValue.integer) ?? .number(value)
  }

  private mutating func string() throws -> String {
    place += 1
    let start = place
    while try next != UInt8(ascii: "\"") {
      if try next == UInt8(ascii: "\\") {
        place = start
        return try escapedString()
      }
      place += 1
    }
    defer { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func escapedString() throws -> String {
    var text: [UInt8] = []
    while try next != UInt8(ascii: "\"") {
      let byte = try next
      place += 1
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      let sign = try next
      place += 1
      switch sign {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0c)
      case UInt8(ascii: "u"): text += Array("\(try escapedScalar())".utf8)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(sign)
      default: throw malformed
      }
    }
    place += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escapedScalar() throws -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, try take("\\"), try take("u") else { throw malformed }
    let second = try codeUnit()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00))
    else { throw malformed }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt16 {
    guard place + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
    else { throw malformed }
    place += 4
    return unit
  }
}
