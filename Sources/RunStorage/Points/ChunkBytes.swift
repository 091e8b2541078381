/// Writes and reads the parts that chunks of points are made of.
///
/// Integers take seven bits a byte, the lowest first; words are little-endian.
struct ChunkBytes {
  var bytes: [UInt8]
  /// The next byte to read.
  private(set) var index = 0

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  /// Whether everything is read.
  var isAtEnd: Bool { index == bytes.count }

  mutating func append(integer value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func append(word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// The lowest `count` bytes of a word.
  mutating func append(word: UInt64, bytes count: Int) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0[..<count]) }
  }

  mutating func byte() -> UInt8? {
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    return bytes[index]
  }

  mutating func integer() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  mutating func word() -> UInt64? {
    guard let found = take(8) else { return nil }
    return bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: found.lowerBound, as: UInt64.self))
    }
  }

  /// The places of the next `count` bytes; `nil` where there are fewer.
  mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, bytes.count - index >= count else { return nil }
    defer { index += count }
    return index..<index + count
  }
}
