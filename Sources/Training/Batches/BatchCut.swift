/// Cuts a sequence of examples into batches that keep within a limit.
struct BatchCut: Sendable {
  /// What each example costs, at least 1.
  let costs: [Int]
  /// What a batch of several examples may cost; a single one may cost more.
  let limit: Int

  /// The batches of `examples`, in order, each of at least one; full ones are filled from the front
  /// up to `seam` and from the back down to it, so that it is there that a remainder is left.
  func callAsFunction(_ examples: [Int], seam: Int) -> [[Int]] {
    var front = filled(examples[..<seam])
    var back = filled(examples[seam...].reversed()).reversed().map { Array($0.reversed()) }
    if let last = front.last, let first = back.first, cost(last) + cost(first) <= limit {
      front.removeLast()
      back[0] = last + first
    }
    return front + back
  }

  /// Batches of as much as they may hold.
  private func filled(_ examples: some Sequence<Int>) -> [[Int]] {
    var batches: [[Int]] = []
    var room = 0
    for example in examples {
      if let last = batches.indices.last, costs[example] <= room {
        batches[last].append(example)
        room -= costs[example]
      } else {
        batches.append([example])
        room = limit - costs[example]
      }
    }
    return batches
  }

  private func cost(_ batch: [Int]) -> Int { batch.reduce(0) { $0 + costs[$1] } }
}
