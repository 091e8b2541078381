public import TensorEngine

/// Token ids of several sequences, one after the other, with no padding between them.
public struct PackedTokens: Hashable, Sendable {
  public let ids: [Int32]
  public let segments: Segments

  public init(_ sequences: [[Int]]) {
    ids = sequences.flatMap { $0.map(Int32.init) }
    segments = Segments(lengths: sequences.map(\.count))
  }

  /// The same sequences in parts, in order, each of about `count` ids and at least one sequence.
  func parts(of count: Int) -> [PackedTokens] {
    var parts: [PackedTokens] = []
    var first = 0
    while first < segments.count {
      var (last, size) = (first + 1, Int(segments.lengths[first]))
      while last < segments.count, size + Int(segments.lengths[last]) <= count {
        size += Int(segments.lengths[last])
        last += 1
      }
      let start = Int(segments.starts[first])
      parts.append(
        PackedTokens(
          ids: Array(ids[start..<start + size]),
          segments: Segments(lengths: segments.lengths[first..<last].map(Int.init))))
      first = last
    }
    return parts
  }

  /// Every sequence moved right by one, beginning with `start` and losing its last id: what a
  /// decoder reads while it learns to write these tokens.
  public func shiftedRight(start: Int) -> PackedTokens {
    var shifted = ids
    for sequence in 0..<segments.count {
      let range = segments.range(sequence)
      guard !range.isEmpty else { continue }
      for index in range.dropFirst().reversed() { shifted[index] = ids[index - 1] }
      shifted[range.lowerBound] = Int32(start)
    }
    return PackedTokens(ids: shifted, segments: segments)
  }

  /// Every sequence without its last id, which a decoder writes and never reads.
  func droppingLast() -> PackedTokens {
    PackedTokens(
      ids: (0..<segments.count).flatMap { ids[segments.range($0).dropLast()] },
      segments: Segments(lengths: segments.lengths.map { max(0, Int($0) - 1) }))
  }

  private init(ids: [Int32], segments: Segments) {
    self.ids = ids
    self.segments = segments
  }
}
