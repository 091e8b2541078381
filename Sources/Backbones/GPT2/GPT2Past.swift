import TensorEngine

/// What sequences have read: the keys and values of every block, packed.
struct GPT2Past: Sendable {
  /// The rows that each sequence has read.
  var segments: Segments
  /// The position of every sequence's first row.
  var firstPosition: Int
  /// Keys and values, each `[segments.rows, width]`, by block; those of a network beside the blocks
  /// come after them.
  var blocks: [Int: (keys: Tensor, values: Tensor)] = [:]

  init(segments: Segments, firstPosition: Int) {
    self.segments = segments
    self.firstPosition = firstPosition
  }

  /// Several pasts as one; no gradient flows through.
  init(stacking parts: [GPT2Past]) {
    segments = Segments(lengths: parts.flatMap { $0.segments.lengths.map(Int.init) })
    firstPosition = parts.first?.firstPosition ?? 0
    for block in (parts.first?.blocks ?? [:]).keys {
      let same = parts.compactMap { $0.blocks[block] }
      blocks[block] = (
        Tensor(joiningRows: same.map(\.keys)), Tensor(joiningRows: same.map(\.values))
      )
    }
  }

  /// Sequence `sequences[i]` of this past in place `i`; each may come several times, or not at all.
  func keeping(_ sequences: [Int32]) -> GPT2Past {
    if sequences == (0..<Int32(segments.count)).map({ $0 }) { return self }
    let rows = sequences.flatMap { sequence -> Range<Int32> in
      let start = segments.starts[Int(sequence)]
      return start..<start + segments.lengths[Int(sequence)]
    }
    var kept = self
    kept.segments = Segments(lengths: sequences.map { Int(segments.lengths[Int($0)]) })
    kept.blocks = blocks.mapValues { ($0.keys.gathering(rows), $0.values.gathering(rows)) }
    return kept
  }

  /// One block's keys and values with newer ones after those of each sequence.
  func followed(
    by keys: Tensor, _ values: Tensor, _ newer: Segments, block: Int
  ) -> (keys: Tensor, values: Tensor) {
    guard let before = blocks[block] else { return (keys, values) }
    return (
      before.keys.appending(keys, of: newer, toEach: segments),
      before.values.appending(values, of: newer, toEach: segments)
    )
  }
}
