/// The merges that a long word waits for: the earliest first, and of equals the leftmost.
struct MergeQueue {
  // A binary heap of ranks above positions.
  private var heap: [UInt64] = []

  /// Adds the merge of the symbol at `position` with the next one, unless there is none.
  mutating func insert(_ merge: MergeTable.Merge, at position: Int) {
    if merge.result < 0 { return }
    var child = heap.count
    heap.append(UInt64(merge.rank) << 32 | UInt64(position))
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= heap[child] { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  /// Takes the first merge out.
  mutating func next() -> (rank: Int32, position: Int)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (Int32(first >> 32), Int(first & 0xffff_ffff))
  }

  private mutating func sink() {
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count && heap[child + 1] < heap[child] { child += 1 }
      if heap[parent] <= heap[child] { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
