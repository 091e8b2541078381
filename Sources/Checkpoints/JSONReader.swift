/// Reads JSON of a safetensors header or a configuration from bytes (RFC 8259, strictly).
struct JSONReader {
  /// Where a text stops being JSON, and why.
  struct Failure: Error, Equatable {
    var byte: Int
    var reason: String
  }

  /// Deeper nesting than any of them has, and less than would exhaust the stack.
  private static let deepest = 32

  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  /// The value that fills the bytes; white space may follow it.
  static func value(in bytes: UnsafeRawBufferPointer) throws(Failure) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.index == bytes.count else { throw reader.failure("something follows the JSON") }
    return value
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func failure(_ reason: String) -> Failure { Failure(byte: index, reason: reason) }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
  }

  /// Steps over a character that must come next.
  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    skipSpace()
    guard next == UInt8(ascii: character) else { throw failure("'\(character)' is missing") }
    index += 1
  }

  /// Steps over a character if it comes next.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth < Self.deepest else { throw failure("the JSON is nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where "-0123456789".utf8.contains(byte): return try number()
    case nil: throw failure("the JSON ends too early")
    default: throw failure("it is not JSON")
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONValue {
    try expect("{")
    if skip("}") { return .object([]) }
    var members: [JSONValue.Member] = []
    repeat {
      skipSpace()
      let start = index
      let name = try string()
      try expect(":")
      members.append(.init(name: name, value: try value(depth: depth + 1), byte: start))
    } while skip(",")
    try expect("}")
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONValue {
    try expect("[")
    if skip("]") { return .array([]) }
    var values: [JSONValue] = []
    repeat {
      values.append(try value(depth: depth + 1))
    } while skip(",")
    try expect("]")
    return .array(values)
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure)
    -> JSONValue
  {
    for position in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[position] else { throw failure("it is not JSON") }
      index += 1
    }
    return value
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = index
    while let byte = next, "+-.0123456789Ee".utf8.contains(byte) { index += 1 }
    let spelling = String(decoding: bytes[start..<index], as: UTF8.self)
    let digits = spelling.hasPrefix("-") ? spelling.dropFirst() : spelling[...]
    guard digits.first != "0" || digits.count == 1 || !digits.allSatisfy(\.isNumber),
      Double(spelling) != nil, digits.first?.isNumber == true
    else {
      index = start
      throw failure("'\(spelling)' is not a number")
    }
    return Int(spelling).map(JSONValue.integer) ?? .number(spelling)
  }
}

extension JSONReader {
  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    var text: [UInt8] = []
    let start = index
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let valid = String(validating: text, as: UTF8.self) else {
          index = start
          throw failure("a name is not UTF-8")
        }
        return valid
      case UInt8(ascii: "\\"):
        text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        index -= 1
        throw failure("a control character is not escaped")
      default:
        text.append(byte)
      }
    }
    throw failure("a string does not end")
  }

  /// What an escape stands for; the backslash is behind.
  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    let byte = next
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // The first half of a pair: the second half must follow.
      guard unit < 0xdc00, next == UInt8(ascii: "\\") else { throw failure("half a character") }
      index += 1
      guard next == UInt8(ascii: "u") else { throw failure("half a character") }
      index += 1
      let low = try codeUnit()
      guard (0xdc00..<0xe000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
      else { throw failure("half a character") }
      return scalar
    default:
      index -= 1
      throw failure("an escape that JSON does not know")
    }
  }

  private mutating func codeUnit() throws(Failure) -> UInt32 {
    guard index + 4 <= bytes.count else { throw failure("the JSON ends too early") }
    var unit: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("an escape without four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
    }
    index += 4
    return unit
  }
}
