/// How the rows of a packed batch divide into sequences: no padding is stored or computed anywhere.
///
/// Sequence `s` of a packed `[rows, width]` tensor has the rows
/// `starts[s] ..< starts[s] + lengths[s]`.
public struct Segments: Hashable, Sendable {
  /// The first row of each sequence.
  public let starts: [Int32]
  /// The rows of each sequence.
  public let lengths: [Int32]
  /// The rows in all.
  public let rows: Int

  /// Sequences of the given lengths, one after the other.
  public init(lengths: [Int]) {
    var starts: [Int32] = []
    starts.reserveCapacity(lengths.count)
    var next = 0
    for length in lengths {
      precondition(length >= 0, "a sequence cannot have \(length) rows")
      starts.append(Int32(next))
      next += length
    }
    self.starts = starts
    self.lengths = lengths.map(Int32.init)
    rows = next
  }

  /// The number of sequences.
  public var count: Int { lengths.count }
  /// The rows of the longest sequence.
  public var longest: Int { Int(lengths.max() ?? 0) }

  /// The row range of one sequence.
  public func range(_ sequence: Int) -> Range<Int> {
    let start = Int(starts[sequence])
    return start..<start + Int(lengths[sequence])
  }

  /// Neighbouring sequences taken as one: the first `counts[0]`, the next `counts[1]`, and so on.
  ///
  /// - Precondition: the counts add up to the number of sequences.
  public func joined(_ counts: [Int]) -> Segments {
    precondition(counts.reduce(0, +) == count, "\(counts) does not divide \(count) sequences")
    var first = 0
    return Segments(
      lengths: counts.map { count in
        defer { first += count }
        return lengths[first..<first + count].reduce(0) { $0 + Int($1) }
      })
  }

  /// Every sequence longer by `extra` rows.
  public func extended(by extra: Int) -> Segments {
    Segments(lengths: lengths.map { Int($0) + extra })
  }

  /// Every sequence longer by the sequence of the same number in another batch.
  ///
  /// - Precondition: both have as many sequences.
  public func appending(_ other: Segments) -> Segments {
    precondition(
      other.count == count, "appending \(other.count) sequences to \(count) sequences")
    return Segments(lengths: zip(lengths, other.lengths).map { Int($0) + Int($1) })
  }

  /// The sequence of every row.
  public var indices: [Int32] {
    var indices: [Int32] = []
    indices.reserveCapacity(rows)
    for (sequence, length) in lengths.enumerated() {
      indices.append(contentsOf: repeatElement(Int32(sequence), count: Int(length)))
    }
    return indices
  }

  /// The position of every row within its sequence.
  public var positions: [Int32] {
    var positions: [Int32] = []
    positions.reserveCapacity(rows)
    for length in lengths { positions.append(contentsOf: 0..<length) }
    return positions
  }
}
