/// Joins the bytes of a word to tokens: of all merges that are possible the earliest, of equals
/// the leftmost, until none is left (Sennrich, Haddow & Birch 2016, arXiv 1508.07909).
struct BytePairMerger: Sendable {
  private let table: MergeTable
  private let tokens: [Int32]
  // What the last word left behind, kept for its memory.
  private var symbols: [Int32] = []
  private var merges: [MergeTable.Merge] = []

  /// The longest word, in bytes, whose merges are searched one by one.
  private static let shortLength = 64

  /// - Parameter tokens: the token of each byte; nil leaves a byte out.
  init(_ table: MergeTable, tokens: [Int32?]) {
    precondition(tokens.count == 256, "a byte has 256 values")
    self.table = table
    self.tokens = tokens.map { $0 ?? -1 }
  }

  /// Appends the tokens of a word.
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int]) {
    symbols.removeAll(keepingCapacity: true)
    for byte in word where tokens[Int(byte)] >= 0 { symbols.append(tokens[Int(byte)]) }
    if symbols.count > Self.shortLength { mergeLong() } else { mergeShort() }
    for symbol in symbols { ids.append(Int(symbol)) }
  }

  /// The spellings, and nil for each that merges do not make into the one token of its index.
  func madeWhole(_ spellings: [[UInt8]?]) -> [[UInt8]?] {
    var merger = self
    var ids: [Int] = []
    return spellings.enumerated().map { id, spelling in
      ids.removeAll(keepingCapacity: true)
      spelling?.withUnsafeBufferPointer { merger.append($0, to: &ids) }
      return ids == [id] ? spelling : nil
    }
  }

  private mutating func mergeShort() {
    merges.removeAll(keepingCapacity: true)
    for index in symbols.indices.dropLast() {
      merges.append(table[symbols[index], symbols[index + 1]])
    }
    while true {
      var first = 0
      var rank = MergeTable.Merge.none.rank
      for index in merges.indices where merges[index].rank < rank {
        first = index
        rank = merges[index].rank
      }
      if rank == MergeTable.Merge.none.rank { return }
      symbols[first] = merges[first].result
      symbols.remove(at: first + 1)
      merges.remove(at: first)
      if first > 0 { merges[first - 1] = table[symbols[first - 1], symbols[first]] }
      if first < merges.count { merges[first] = table[symbols[first], symbols[first + 1]] }
    }
  }

  /// A list of symbols linked both ways and a queue: in time *n* log *n*.
  private mutating func mergeLong() {
    let count = symbols.count
    var previous = Array(-1..<count - 1)
    var next = Array(1...count)
    var queue = MergeQueue()
    for index in 0..<count - 1 {
      queue.insert(table[symbols[index], symbols[index + 1]], at: index)
    }
    while let (rank, left) = queue.next() {
      let right = next[left]
      // The pair is gone if either symbol has been merged meanwhile.
      guard symbols[left] >= 0, right < count else { continue }
      let merge = table[symbols[left], symbols[right]]
      guard merge.rank == rank else { continue }
      symbols[left] = merge.result
      symbols[right] = -1
      next[left] = next[right]
      if next[left] < count {
        previous[next[left]] = left
        queue.insert(table[merge.result, symbols[next[left]]], at: left)
      }
      let before = previous[left]
      if before >= 0 { queue.insert(table[symbols[before], merge.result], at: before) }
    }
    symbols.removeAll { $0 < 0 }
  }
}
