import Foundation

/// A closed stretch of one metric of one run as compact bytes: steps rise strictly.
///
/// Layout: a byte of flags, then variable-length integers for count and first step, then the steps
/// (one stride where they are evenly spaced, else the differences), then the values, little-endian:
/// 4 bytes each where every one is exactly a `Float`, else 8.
struct PointChunk: Equatable {
  /// Points per closed chunk.
  static let capacity = 512

  var steps: [Int]
  var values: [Double]

  private static let evenlySpaced: UInt8 = 1
  private static let single: UInt8 = 2

  init(steps: [Int], values: [Double]) {
    self.steps = steps
    self.values = values
  }

  var data: Data {
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(16 + values.count * 8)
    let first = steps.first ?? 0
    let differences = zip(steps.dropFirst(), steps).map { $0 - $1 }
    Self.append(UInt64(steps.count), to: &bytes)
    Self.append(UInt64(bitPattern: Int64(first)), to: &bytes)
    if let stride = differences.first, differences.allSatisfy({ $0 == stride }) {
      bytes[0] |= Self.evenlySpaced
      Self.append(UInt64(stride), to: &bytes)
    } else {
      for difference in differences { Self.append(UInt64(difference), to: &bytes) }
    }
    if values.allSatisfy({ $0.isNaN || Double(Float($0)) == $0 }) {
      bytes[0] |= Self.single
      for value in values {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    } else {
      for value in values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return Data(bytes)
  }

  /// `nil` where the bytes are no chunk.
  init?(data: Data) {
    let bytes = [UInt8](data)
    guard let flags = bytes.first, flags <= 3 else { return nil }
    var index = 1
    guard let rawCount = Self.integer(bytes, &index), rawCount <= 1 << 24,
      let rawFirst = Self.integer(bytes, &index)
    else { return nil }
    let count = Int(rawCount)
    var step = Int(Int64(bitPattern: rawFirst))
    steps = count > 0 ? [step] : []
    steps.reserveCapacity(count)
    var stride: UInt64?
    if flags & Self.evenlySpaced != 0 {
      stride = Self.integer(bytes, &index)
      guard stride != nil else { return nil }
    }
    while steps.count < count {
      guard let difference = stride ?? Self.integer(bytes, &index), difference <= 1 << 56 else {
        return nil
      }
      let (next, overflow) = step.addingReportingOverflow(Int(difference))
      if overflow { return nil }
      step = next
      steps.append(step)
    }
    let width = flags & Self.single != 0 ? 4 : 8
    guard bytes.count - index == count * width else { return nil }
    values = bytes.withUnsafeBytes { raw in
      (0..<count).map { position in
        let offset = index + position * width
        guard width == 4 else {
          let pattern = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          return Double(bitPattern: UInt64(littleEndian: pattern))
        }
        let pattern = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: pattern)))
      }
    }
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func integer(_ bytes: [UInt8], _ index: inout Int) -> UInt64? {
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
}
