import TensorEngine

/// Which examples a step trains on: a function of the step alone, so that resuming needs no state.
///
/// Three orders and two limits. By a number of examples, in file order or shuffled, batches are all
/// of that size and run over the end of an epoch. By tokens, or bucketed by length, each epoch is
/// cut on its own and holds every example exactly once. Bucketed, an epoch is shuffled, cut into
/// windows of up to 50 batches (a quarter of the epoch at most), and sorted by source length inside
/// each; then the batches are shuffled. So the sources of a batch are of similar length, other ones
/// meet in every epoch, long batches come as early as late, and the smaller batch that is left over
/// holds short sources as often as long ones.
///
/// No padding is ever computed, so similar lengths save no arithmetic: it is the budget of tokens
/// that evens out the time and memory of steps, and buckets make the sources of one step cost the
/// same, attention included, which grows with the square of a length. A step's loss is the mean
/// over its target tokens: where buckets are filled by tokens, an example with a short source has
/// more neighbours and weighs less than one with a long source; by a number of examples all weigh
/// alike.
///
/// A value with a memory of the epoch at hand: asking for steps in ascending order costs one
/// permutation an epoch.
public struct ExampleOrder: Sendable {
  private let count: Int
  private let order: TrainingSchedule.Order
  private let key: RandomKey
  private let cutting: Cutting

  /// How the visited examples become batches.
  private enum Cutting: Sendable {
    /// Batches of one size, over the ends of epochs.
    case endless(batchSize: Int)
    /// Each epoch on its own.
    case epochs(EpochBatches)
  }

  /// What was asked for last: an epoch's permutation, or its batches.
  private var permutation: (epoch: Int, order: [Int]) = (-1, [])
  private var epoch: (number: Int, firstStep: Int, batches: [[Int]]) = (-1, 0, [])

  /// - Parameters:
  ///   - count: the number of examples.
  ///   - sourceLength: the source tokens of an example, its end token included; asked for once an
  ///     example, and only where batches depend on it.
  /// - Precondition: there is at least one example, and the limit is positive.
  public init(
    count: Int, limit: BatchLimit, order: TrainingSchedule.Order, seed: Int,
    sourceLength: (_ example: Int) -> Int
  ) {
    precondition(count > 0, "there is nothing to train on")
    self.count = count
    self.order = order
    key = RandomKey(seed: seed).folding("order")
    if case .examples(let size) = limit, order != .bucketed {
      cutting = .endless(batchSize: size)
    } else {
      cutting = .epochs(
        EpochBatches(lengths: (0..<count).map(sourceLength), limit: limit, order: order))
    }
  }

  /// The example indices of step `step`, which counts from 0.
  public mutating func indices(_ step: Int) -> [Int] {
    switch cutting {
    case .endless(let size): (step * size..<(step + 1) * size).map { example(at: $0) }
    case .epochs(let epochs): batch(step, of: epochs)
    }
  }

  /// How many steps so many passes over the examples take; whole or not.
  func steps(ofEpochs epochs: Double) -> Double {
    switch cutting {
    case .endless(let size): return epochs * Double(count) / Double(size)
    case .epochs(let batches):
      // An epoch's number of batches depends on how its examples fell.
      let whole = Int(epochs)
      func steps(of epoch: Int) -> Double { Double(batches.drawn(key.folding(epoch)).count) }
      let sum = (0..<whole).reduce(0) { $0 + steps(of: $1) }
      let rest = epochs - Double(whole)
      return rest > 0 ? sum + rest * steps(of: whole) : sum
    }
  }

  /// The example at a position of the endless sequence of epochs.
  private mutating func example(at position: Int) -> Int {
    let (epoch, place) = position.quotientAndRemainder(dividingBy: count)
    guard order == .shuffled else { return place }
    if permutation.epoch != epoch {
      permutation = (epoch, key.folding(epoch).permutation(count))
    }
    return permutation.order[place]
  }

  /// How many batches an epoch has depends on how its examples fell, so that a later epoch is found
  /// by walking through those before it.
  private mutating func batch(_ step: Int, of epochs: EpochBatches) -> [Int] {
    if step < epoch.firstStep { epoch = (-1, 0, []) }
    while step >= epoch.firstStep + epoch.batches.count {
      let next = epoch.number + 1
      epoch = (next, epoch.firstStep + epoch.batches.count, epochs.drawn(key.folding(next)))
    }
    return epoch.batches[step - epoch.firstStep]
  }
}
