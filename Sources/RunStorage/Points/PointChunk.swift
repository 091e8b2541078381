import Foundation

/// A closed stretch of one metric of one run as compact bytes: steps rise strictly.
///
/// Layout: a byte of flags, then integers for count and first step, then the steps (one stride
/// where they are evenly spaced, else the differences), then `PackedValues`. Chunks of earlier
/// layouts of the store have the values themselves, little-endian, in 4 or 8 bytes each.
struct PointChunk: Equatable {
  /// The most points of a chunk.
  static let capacity = 4096

  var steps: [Int]
  var values: [Double]

  private static let evenlySpaced: UInt8 = 1
  private static let single: UInt8 = 2
  private static let packed: UInt8 = 4

  /// No points.
  static var empty: PointChunk { PointChunk(steps: [], values: []) }

  init(steps: [Int], values: [Double]) {
    self.steps = steps
    self.values = values
  }

  mutating func append(_ step: Int, _ value: Double) {
    steps.append(step)
    values.append(value)
  }

  /// Adds points that come after these.
  mutating func append(_ next: PointChunk) {
    steps += next.steps
    values += next.values
  }

  subscript(range: Range<Int>) -> PointChunk {
    PointChunk(steps: Array(steps[range]), values: Array(values[range]))
  }

  /// The distance of any two steps that follow each other, where it is always the same.
  var stride: Int? {
    guard steps.count > 1 else { return nil }
    let stride = steps[1] - steps[0]
    for index in steps.indices.dropFirst(2) where steps[index] - steps[index - 1] != stride {
      return nil
    }
    return stride
  }

  var data: Data {
    let stride = stride
    var output = ChunkBytes([Self.packed | (stride == nil ? 0 : Self.evenlySpaced)])
    output.bytes.reserveCapacity(32 + values.count * 8)
    output.append(integer: UInt64(steps.count))
    output.append(integer: UInt64(bitPattern: Int64(steps.first ?? 0)))
    if let stride {
      output.append(integer: UInt64(stride))
    } else {
      for index in steps.indices.dropFirst() {
        output.append(integer: UInt64(steps[index] - steps[index - 1]))
      }
    }
    PackedValues.append(values, to: &output)
    return Data(output.bytes)
  }

  /// `nil` where the bytes are no chunk.
  init?(data: Data) {
    var input = ChunkBytes([UInt8](data))
    guard let flags = input.byte(), flags <= 5, let rawCount = input.integer(),
      rawCount <= 1 << 24, let rawFirst = input.integer()
    else { return nil }
    let count = Int(rawCount)
    var step = Int(Int64(bitPattern: rawFirst))
    steps = count > 0 ? [step] : []
    steps.reserveCapacity(count)
    var stride: UInt64?
    if flags & Self.evenlySpaced != 0 {
      stride = input.integer()
      guard stride != nil else { return nil }
    }
    while steps.count < count {
      guard let difference = stride ?? input.integer(), difference <= 1 << 62 else { return nil }
      let (next, overflow) = step.addingReportingOverflow(Int(difference))
      if overflow { return nil }
      step = next
      steps.append(step)
    }
    let read =
      flags & Self.packed != 0
      ? PackedValues.read(count, from: &input)
      : Self.plainValues(count, single: flags & Self.single != 0, from: &input)
    guard let read, input.isAtEnd else { return nil }
    values = read
  }

  /// The values of a chunk of an earlier layout.
  private static func plainValues(
    _ count: Int, single: Bool, from input: inout ChunkBytes
  ) -> [Double]? {
    let width = single ? 4 : 8
    guard let place = input.take(count * width) else { return nil }
    return input.bytes.withUnsafeBytes { raw in
      (0..<count).map { position in
        let offset = place.lowerBound + position * width
        guard single else {
          let pattern = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          return Double(bitPattern: UInt64(littleEndian: pattern))
        }
        let pattern = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: pattern)))
      }
    }
  }
}
