/// The characters in which GPT-2's files spell bytes: what can be seen in Latin-1 stands for
/// itself, and the 68 other bytes, in their order, for U+0100 to U+0143.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var hidden: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7e, 0xa1...0xac, 0xae...0xff: return Unicode.Scalar(byte)
      default:
        defer { hidden += 1 }
        return Unicode.Scalar(hidden) ?? Unicode.Scalar(byte)
      }
    }
  }()

  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in zip(UInt8.min...UInt8.max, scalars) { bytes[Int(scalar.value)] = byte }
    return bytes
  }()

  /// The bytes that a token spells, or nil where one of its characters stands for none.
  static func bytes(of token: some Sequence<Unicode.Scalar>) -> [UInt8]? {
    var spelled: [UInt8] = []
    for scalar in token {
      guard scalar.value < UInt32(bytes.count), let byte = bytes[Int(scalar.value)] else {
        return nil
      }
      spelled.append(byte)
    }
    return spelled
  }
}
