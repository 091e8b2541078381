import TensorEngine

/// The batches of an epoch that is cut on its own: every example is in exactly one of them.
struct EpochBatches: Sendable {
  /// Batches that are sorted by length together, as in transformers' `group_by_length`.
  private static let window = 50

  /// The source tokens of each example, its end token included.
  private let lengths: [Int]
  private let order: TrainingSchedule.Order
  private let cut: BatchCut

  init(lengths: [Int], limit: BatchLimit, order: TrainingSchedule.Order) {
    self.lengths = lengths
    self.order = order
    cut =
      switch limit {
      case .examples(let count): BatchCut(costs: lengths.map { _ in 1 }, limit: count)
      case .tokens(let count): BatchCut(costs: lengths, limit: count)
      }
  }

  /// The batches of an epoch in the order they are trained on.
  ///
  /// - Parameter key: the epoch's own.
  func drawn(_ key: RandomKey) -> [[Int]] {
    let visited =
      order == .sequential ? Array(lengths.indices) : key.permutation(lengths.count)
    let batches = cut(visited, seam: visited.count)
    guard order == .bucketed else { return batches }
    // In fewer windows the same examples would meet in every epoch.
    let window = max(1, min(Self.window, batches.count / 4))
    let windowCount = (batches.count + window - 1) / window
    let sorted = (0..<windowCount).flatMap { index in
      let first = index * batches.count / windowCount
      let end = (index + 1) * batches.count / windowCount
      let examples = byLength(Array(batches[first..<end].joined()))
      // The smaller batch that is left over holds short sources as often as long ones.
      let place = key.folding("seam").unit(index)
      return cut(examples, seam: Int(place * Double(examples.count + 1)))
    }
    return key.folding("batches").permutation(sorted.count).map { sorted[$0] }
  }

  /// Examples by length; equal ones stay in the order they were drawn in.
  private func byLength(_ examples: [Int]) -> [Int] {
    examples.indices.sorted {
      let (a, b) = (lengths[examples[$0]], lengths[examples[$1]])
      return a == b ? $0 < $1 : a < b
    }.map { examples[$0] }
  }
}
