/// A tensor on its way into a file.
struct StoredTensor: Sendable {
  enum Contents: Sendable {
    case floats([Float])
    case bytes([UInt8])
  }

  /// Floats are converted a piece at a time, so that a large tensor needs no second copy.
  private static let pieceLength = 1 << 16

  let name: String
  let type: StorageType
  let shape: [Int]
  let contents: Contents

  /// The bytes it takes in the file, once it has been checked.
  var byteCount: Int { shape.reduce(type.byteCount, *) }

  /// Refuses a shape that its contents do not fill.
  func check() throws(CheckpointError) {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else {
        throw .unwritableTensor(tensor: name, reason: "its shape \(shape) is impossible")
      }
      count = product
    }
    switch contents {
    case .floats(let floats) where floats.count != count:
      throw .unwritableTensor(
        tensor: name,
        reason: "its shape \(shape) needs \(count) numbers, but \(floats.count) are given")
    case .bytes(let bytes) where bytes.count != count * type.byteCount:
      throw .unwritableTensor(
        tensor: name,
        reason: """
          its shape \(shape) and type \(type.rawValue) need \(count * type.byteCount) bytes, but \
          \(bytes.count) are given
          """)
    default: break
    }
  }

  func put(into sink: FileSink) throws(CheckpointError) {
    switch contents {
    case .bytes(let bytes): try sink.put(bytes)
    case .floats(let floats):
      try floats.withUnsafeBufferPointer { floats throws(CheckpointError) in
        if type == .float32, 1.littleEndian == 1 { return try sink.put(.init(floats)) }
        for start in stride(from: 0, to: floats.count, by: Self.pieceLength) {
          let piece = floats[start..<min(start + Self.pieceLength, floats.count)]
          try sink.put(type == .bfloat16 ? Self.narrowed(piece) : Self.plain(piece))
        }
      }
    }
  }

  private static func narrowed(_ floats: Slice<UnsafeBufferPointer<Float>>) -> [UInt8] {
    stored(floats) { bfloat16($0).littleEndian }
  }

  private static func plain(_ floats: Slice<UnsafeBufferPointer<Float>>) -> [UInt8] {
    stored(floats) { $0.bitPattern.littleEndian }
  }

  /// The bytes of the bits that stand for each float.
  @inline(__always)
  private static func stored<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ floats: Slice<UnsafeBufferPointer<Float>>, _ bits: (Float) -> Bits
  ) -> [UInt8] {
    let width = MemoryLayout<Bits>.size
    return [UInt8](unsafeUninitializedCapacity: floats.count * width) { bytes, initialized in
      var place = UnsafeMutableRawPointer(bytes.baseAddress)
      for value in floats {
        place?.storeBytes(of: bits(value), as: Bits.self)
        place = place?.advanced(by: width)
      }
      initialized = floats.count * width
    }
  }

  /// The nearest number with the upper 16 bits of a float, ties to even; a NaN stays one.
  static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }
}
