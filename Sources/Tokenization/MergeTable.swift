/// Which two tokens, side by side, become which one, and how early.
struct MergeTable: Sendable {
  /// What a pair of tokens becomes.
  struct Merge {
    /// Lower ranks are merged first.
    var rank: Int32
    /// The token that the two become.
    var result: Int32

    /// Stands for a pair that is left as it is; its rank comes after every other.
    static let none = Merge(rank: .max, result: -1)
  }

  // Open addressing: a pair lies at the first free slot from its hash on.
  private var pairs: [UInt64]
  private var merges: [Merge]
  private let shift: UInt64
  private static let free = UInt64.max

  /// - Parameter merges: the pairs in the order of their ranks; of equal pairs the last one counts.
  init(_ merges: [(left: Int32, right: Int32, result: Int32)]) {
    var bits: UInt64 = 4
    while 1 << bits < 2 * merges.count { bits += 1 }
    shift = 64 - bits
    pairs = Array(repeating: Self.free, count: 1 << bits)
    self.merges = Array(repeating: .none, count: 1 << bits)
    for (rank, merge) in merges.enumerated() {
      let pair = Self.pair(merge.left, merge.right)
      let slot = slot(of: pair)
      pairs[slot] = pair
      self.merges[slot] = Merge(rank: Int32(rank), result: merge.result)
    }
  }

  /// What two tokens become; `Merge.none` where they stay two.
  subscript(left: Int32, right: Int32) -> Merge { merges[slot(of: Self.pair(left, right))] }

  private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Where a pair lies, or would.
  private func slot(of pair: UInt64) -> Int {
    var slot = Int((pair &* 0x9e37_79b9_7f4a_7c15) >> shift)
    while pairs[slot] != pair && pairs[slot] != Self.free { slot = (slot + 1) & (pairs.count - 1) }
    return slot
  }
}
