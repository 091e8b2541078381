/// CRC-32C (Castagnoli), and the masked form in which event files keep it.
enum Checksum {
  /// Rotated and offset, so that a checksum of bytes that hold checksums is a good one.
  static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let sum = crc32c(bytes)
    return (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  static func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum = UInt32.max
    var index = 0
    tables.withUnsafeBufferPointer { tables in
      // Eight bytes at a time: each looks up what it does to the sum after those that follow.
      while index + 8 <= bytes.count {
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let mixed = word ^ UInt64(sum)
        sum = 0
        for place in 0..<8 {
          sum ^= tables[(7 - place) * 256 + Int(truncatingIfNeeded: mixed >> (8 * place) & 0xff)]
        }
        index += 8
      }
      while index < bytes.count {
        sum = sum >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[index])]
        index += 1
      }
    }
    return ~sum
  }

  /// 256 entries for a byte, 256 for a byte that another follows, and so on to seven.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var sum = UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
      tables[byte] = sum
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xff)]
    }
    return tables
  }()
}
