/// The bytes of something untrusted: what lies outside of them is nil instead of read.
struct BoundedBytes {
  let bytes: UnsafeRawBufferPointer

  var count: Int { bytes.count }

  /// A little-endian number that starts at a byte.
  func integer<Number: FixedWidthInteger & BitwiseCopyable>(at byte: Int, as type: Number.Type)
    -> Number?
  {
    guard byte >= 0, byte <= count - MemoryLayout<Number>.size else { return nil }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: type))
  }

  /// An unsigned number that must also be an index.
  func index<Number: FixedWidthInteger & BitwiseCopyable>(at byte: Int, as type: Number.Type)
    -> Int?
  {
    integer(at: byte, as: type).flatMap { Int(exactly: $0) }
  }

  /// A part of the bytes.
  func part(at byte: Int, count length: Int) -> UnsafeRawBufferPointer? {
    guard byte >= 0, length >= 0, byte <= count, length <= count - byte else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[byte..<byte + length])
  }

  /// A part of the bytes that is valid UTF-8.
  func text(at byte: Int, count length: Int) -> String? {
    part(at: byte, count: length).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
