/// Stored numbers read as 32-bit floats. All readings are exact but those from 64 bits.
enum FloatDecoding {
  /// Reads `count` numbers, or nil where the type has no such reading.
  static func floats(from bytes: UnsafeRawBufferPointer, count: Int, as type: StorageType)
    -> [Float]?
  {
    switch type {
    case .float32: read(bytes, count) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: read(bytes, count) { (bits: UInt16) in half(bits) }
    case .bfloat16: read(bytes, count) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .float64: read(bytes, count) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .int64: read(bytes, count) { (value: Int64) in Float(value) }
    case .int32: read(bytes, count) { (value: Int32) in Float(value) }
    case .int16: read(bytes, count) { (value: Int16) in Float(value) }
    case .int8: read(bytes, count) { (value: Int8) in Float(value) }
    case .uint64: read(bytes, count) { (value: UInt64) in Float(value) }
    case .uint32: read(bytes, count) { (value: UInt32) in Float(value) }
    case .uint16: read(bytes, count) { (value: UInt16) in Float(value) }
    case .uint8: read(bytes, count) { (value: UInt8) in Float(value) }
    case .boolean: read(bytes, count) { (value: UInt8) in value == 0 ? 0 : 1 }
    case .float8e4m3, .float8e5m2: nil
    }
  }

  @inline(__always)
  private static func read<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ convert: (Stored) -> Float
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { floats, initialized in
      for index in 0..<count {
        let stored = bytes.loadUnaligned(
          fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
        floats.initializeElement(at: index, to: convert(Stored(littleEndian: stored)))
      }
      initialized = count
    }
  }

  /// A 16-bit IEEE 754 number. Swift's own type for it is not there on every platform.
  @inline(__always)
  static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7fff)
    if magnitude >= 0x7c00 {
      return Float(bitPattern: sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13)
    }
    // Placed in the wider format, the exponent is off by 2^112, subnormal numbers included.
    let scaled = Float(bitPattern: magnitude << 13) * Float(bitPattern: 0x7780_0000)
    return Float(bitPattern: sign | scaled.bitPattern)
  }
}
