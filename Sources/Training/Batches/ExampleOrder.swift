import TensorEngine

/// Which examples a step trains on: a pure function of the step, so that resuming needs no state.
public struct ExampleOrder: Sendable {
  private let count: Int
  private let batchSize: Int
  private let order: TrainingSchedule.Order
  private let key: RandomKey

  /// - Precondition: there is at least one example.
  public init(count: Int, batchSize: Int, order: TrainingSchedule.Order, seed: Int) {
    precondition(count > 0, "there is nothing to train on")
    self.count = count
    self.batchSize = batchSize
    self.order = order
    key = RandomKey(seed: seed).folding("order")
  }

  /// The example indices of step `step`, which counts from 0. An epoch visits every example once;
  /// batches run over its end.
  public func indices(_ step: Int) -> [Int] {
    let first = step * batchSize
    var permutation: (epoch: Int, order: [Int]) = (-1, [])
    return (first..<first + batchSize).map { position in
      let (epoch, place) = position.quotientAndRemainder(dividingBy: count)
      guard order == .shuffled else { return place }
      if permutation.epoch != epoch {
        permutation = (epoch, key.folding(epoch).permutation(count))
      }
      return permutation.order[place]
    }
  }
}
