/// The fields of a message in the wire format of protocol buffers, one after the other; the end
/// of what can be understood is the end of the sequence.
struct ProtocolBufferFields: Sequence, IteratorProtocol {
  enum Value {
    case integer(UInt64)
    case float(Float)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>
  /// Whether all of the message was understood; meant for after the last field.
  var isWhole: Bool { rest.isEmpty }

  init(_ message: ArraySlice<UInt8>) { rest = message }

  mutating func next() -> (field: UInt64, value: Value)? {
    let start = rest
    guard let key = integer(), let value = value(kind: key & 7) else {
      rest = start
      return nil
    }
    return (key >> 3, value)
  }

  private mutating func value(kind: UInt64) -> Value? {
    switch kind {
    case 0: integer().map(Value.integer)
    case 2:
      integer().flatMap { $0 <= UInt64(rest.count) ? taking(Int($0)) : nil }.map(Value.bytes)
    case 5:
      taking(4).map { bytes in
        let bits = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
        return .float(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    default: nil
    }
  }

  private mutating func integer() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      number |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  private mutating func taking(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
