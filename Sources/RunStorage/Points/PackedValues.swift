/// Numbers in as few bits as their spread needs, and back bit for bit.
///
/// Of every 64 values, as integers in the order of the numbers: the smallest (8 bytes), how many
/// bits a difference from it takes (1 byte) without the zeros at its end that all share (1 byte),
/// and the differences one behind the other, padded to a byte. So a constant takes no bits, numbers
/// that are single-precision lose their zeros, and a noisy curve the bits that do not change.
enum PackedValues {
  /// Values that are packed together.
  static let blockLength = 64

  static func append(_ values: [Double], to output: inout ChunkBytes) {
    var start = 0
    while start < values.count {
      let end = min(start + blockLength, values.count)
      pack(values[start..<end].map(ordered), &output)
      start = end
    }
  }

  /// `nil` where the bytes are not `count` packed values.
  static func read(_ count: Int, from input: inout ChunkBytes) -> [Double]? {
    var values: [Double] = []
    values.reserveCapacity(count)
    while values.count < count {
      guard let base = input.word(), let width = input.byte(), let shift = input.byte(),
        Int(width) + Int(shift) <= 64
      else { return nil }
      let length = min(blockLength, count - values.count)
      guard let place = input.take((length * Int(width) + 7) / 8) else { return nil }
      input.bytes.withUnsafeBytes { bytes in
        let packed = UnsafeRawBufferPointer(rebasing: bytes[place])
        for index in 0..<length {
          let difference = bits(packed, at: index * Int(width), width: UInt64(width))
          values.append(number(Int64(bitPattern: base &+ (difference << UInt64(shift)))))
        }
      }
    }
    return values
  }

  private static func pack(_ numbers: [Int64], _ output: inout ChunkBytes) {
    let base = numbers.min() ?? 0
    let differences = numbers.map { UInt64(bitPattern: $0 &- base) }
    let spread = differences.reduce(0, |)
    let shift = spread == 0 ? 0 : spread.trailingZeroBitCount
    let width = 64 - (spread >> UInt64(shift)).leadingZeroBitCount
    output.append(word: UInt64(bitPattern: base))
    output.bytes += [UInt8(width), UInt8(shift)]
    var word: UInt64 = 0
    var filled = 0
    for difference in differences where width > 0 {
      let value = difference >> UInt64(shift)
      word |= value << UInt64(filled)
      filled += width
      guard filled >= 64 else { continue }
      output.append(word: word)
      filled -= 64
      word = filled == 0 ? 0 : value >> UInt64(width - filled)
    }
    output.append(word: word, bytes: (filled + 7) / 8)
  }

  /// `width` bits from bit `position` on.
  private static func bits(
    _ bytes: UnsafeRawBufferPointer, at position: Int, width: UInt64
  ) -> UInt64 {
    guard width > 0 else { return 0 }
    let offset = UInt64(position & 63)
    var value = word(bytes, position >> 6) >> offset
    if offset + width > 64 { value |= word(bytes, (position >> 6) + 1) << (64 - offset) }
    return width == 64 ? value : value & ((1 << width) - 1)
  }

  /// The word of this number; what the bytes do not hold is zero.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ number: Int) -> UInt64 {
    let start = number * 8
    if start + 8 <= bytes.count {
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
    var value: UInt64 = 0
    for index in start..<max(start, bytes.count) {
      value |= UInt64(bytes[index]) << UInt64((index - start) * 8)
    }
    return value
  }

  /// An integer for each number, NaNs and both zeros included, that rises with it.
  private static func ordered(_ value: Double) -> Int64 {
    let magnitude = Int64(value.magnitude.bitPattern)
    if value.sign == .plus { return magnitude }
    return magnitude == 0 ? .min : -magnitude
  }

  private static func number(_ integer: Int64) -> Double {
    if integer >= 0 { return Double(bitPattern: UInt64(integer)) }
    return Double(bitPattern: integer.magnitude | 1 << 63)
  }
}
