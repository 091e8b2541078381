/// Fields of a protocol buffer, in the order in which they lie there; nothing is copied.
struct ProtobufReader {
  /// What a field holds, as far as its wire format tells.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)

    var integer: Int? {
      if case .varint(let value) = self { Int(Int64(bitPattern: value)) } else { nil }
    }
    var double: Double? {
      if case .fixed64(let value) = self { Double(bitPattern: value) } else { nil }
    }
    var float: Float? {
      if case .fixed32(let value) = self { Float(bitPattern: value) } else { nil }
    }
    var buffer: UnsafeRawBufferPointer? {
      if case .bytes(let value) = self { value } else { nil }
    }
    var text: String? { buffer.map { String(decoding: $0, as: UTF8.self) } }
    /// The fields of the message it is.
    var message: ProtobufReader? { buffer.map(ProtobufReader.init) }
  }

  /// The bytes are no protocol buffer.
  struct Malformed: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field's number and value; `nil` at the end.
  mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
    guard index < bytes.count else { return nil }
    let key = try varint()
    guard let field = Int(exactly: key >> 3), field > 0 else { throw Malformed() }
    switch key & 7 {
    case 0: return (field, .varint(try varint()))
    case 1: return (field, .fixed64(UInt64(littleEndian: try load())))
    case 5: return (field, .fixed32(UInt32(littleEndian: try load())))
    case 2:
      let length = try varint()
      guard length <= UInt64(bytes.count - index) else { throw Malformed() }
      let end = index + Int(length)
      defer { index = end }
      return (field, .bytes(UnsafeRawBufferPointer(rebasing: bytes[index..<end])))
    default: throw Malformed()
    }
  }

  /// The one number that is all there is, as in a packed list of one; `nil` for more.
  mutating func lone() throws(Malformed) -> UInt64? {
    guard index < bytes.count else { return nil }
    let value = try varint()
    return index == bytes.count ? value : nil
  }

  private mutating func load<Word: FixedWidthInteger>() throws(Malformed) -> Word {
    let width = MemoryLayout<Word>.size
    guard bytes.count - index >= width else { throw Malformed() }
    defer { index += width }
    return bytes.loadUnaligned(fromByteOffset: index, as: Word.self)
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Malformed()
  }
}
