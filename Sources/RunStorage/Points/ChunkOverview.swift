import Foundation

/// What a picture needs of every 64 points of a chunk, exactly, without their values.
///
/// Layout: a byte of flags; unless the steps are evenly spaced, for each block its first step less
/// the one before it and its last less its first, as integers; then for each block the smallest,
/// the largest and the last value, 8 bytes each, little-endian.
struct ChunkOverview: Equatable {
  /// Points of a block.
  static let blockLength = 64

  /// One after the other, at most 64 points each.
  var blocks: [HistoryColumn]

  private static let evenlySpaced: UInt8 = 1

  init(_ chunk: PointChunk) {
    blocks = []
    var start = 0
    while start < chunk.steps.count {
      let end = min(start + Self.blockLength, chunk.steps.count)
      var block = HistoryColumn(step: chunk.steps[start], value: chunk.values[start])
      for index in start + 1..<end { block.add(chunk.steps[index], chunk.values[index]) }
      blocks.append(block)
      start = end
    }
  }

  /// - Parameter isEven: whether the steps of the chunk are evenly spaced.
  func data(isEven: Bool) -> Data {
    var output = ChunkBytes([isEven ? Self.evenlySpaced : 0])
    if !isEven {
      var previous = blocks.first?.firstStep ?? 0
      for block in blocks {
        output.append(integer: UInt64(block.firstStep - previous))
        output.append(integer: UInt64(block.lastStep - block.firstStep))
        previous = block.lastStep
      }
    }
    for value in blocks.flatMap({ [$0.min, $0.max, $0.last] }) {
      output.append(word: value.bitPattern)
    }
    return Data(output.bytes)
  }

  /// `nil` where the bytes are no overview of such a chunk.
  init?(data: Data, firstStep: Int, lastStep: Int, count: Int) {
    var input = ChunkBytes([UInt8](data))
    guard count > 0, count <= 1 << 24, let flags = input.byte(), flags <= 1 else { return nil }
    let (span, overflow) = lastStep.subtractingReportingOverflow(firstStep)
    guard !overflow, span >= 0 else { return nil }
    let lengths = Swift.stride(from: 0, to: count, by: Self.blockLength).map {
      (start: $0, end: min($0 + Self.blockLength, count))
    }
    var places: [(Int, Int)] = []
    if flags == Self.evenlySpaced {
      let stride = count > 1 ? span / (count - 1) : 0
      places = lengths.map { (firstStep + $0.start * stride, firstStep + ($0.end - 1) * stride) }
    } else {
      var previous = firstStep
      for _ in lengths {
        guard let before = input.integer(), let within = input.integer(),
          before <= span, within <= span
        else { return nil }
        let first = previous + Int(before)
        guard first <= lastStep, Int(within) <= lastStep - first else { return nil }
        previous = first + Int(within)
        places.append((first, previous))
      }
    }
    blocks = []
    blocks.reserveCapacity(places.count)
    for (place, length) in zip(places, lengths) {
      guard let low = input.word(), let high = input.word(), let last = input.word() else {
        return nil
      }
      blocks.append(
        HistoryColumn(
          firstStep: place.0, lastStep: place.1, points: length.end - length.start,
          min: Double(bitPattern: low), max: Double(bitPattern: high),
          last: Double(bitPattern: last)))
    }
    guard input.isAtEnd else { return nil }
  }
}
