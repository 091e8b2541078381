extension [[Int]] {
  /// The places of all sequences in batches by ascending length, each within `budget` by the sum of
  /// its `cost`, or of one sequence.
  func batchedByLength(budget: Int, _ cost: ([Int]) -> Int) -> [[Int]] {
    var batches: [[Int]] = []
    var room = 0
    for index in indices.sorted(by: { (self[$0].count, $0) < (self[$1].count, $1) }) {
      let cost = cost(self[index])
      if let last = batches.indices.last, cost <= room {
        batches[last].append(index)
        room -= cost
      } else {
        batches.append([index])
        room = budget - cost
      }
    }
    return batches
  }
}
