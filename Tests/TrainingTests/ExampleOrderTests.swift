import TensorEngine
import Testing

@testable import Training

/// What every order of examples promises, over random lengths of sources.
@Suite struct ExampleOrderTests {
  /// An order, a limit, and how many examples there are.
  struct Case: Sendable, CustomTestStringConvertible {
    var order: TrainingSchedule.Order
    var limit: BatchLimit
    var count: Int

    var testDescription: String { "\(order), \(limit), \(count) examples" }

    /// Few short ones and a long tail, as texts have them; 1...256.
    var lengths: [Int] {
      let key = RandomKey(seed: count).folding("lengths")
      return (0..<count).map { 1 + Int(255 * key.unit($0) * key.unit(-1 - $0)) }
    }

    func steps(seed: Int = 1) -> ExampleOrder {
      let lengths = lengths
      return ExampleOrder(count: count, limit: limit, order: order, seed: seed) { lengths[$0] }
    }

    /// Whether each epoch is cut on its own.
    var hasOwnEpochs: Bool {
      if case .tokens = limit { true } else { order == .bucketed }
    }
  }

  static let cases = TrainingSchedule.Order.allCases.flatMap { order in
    [BatchLimit.examples(1), .examples(16), .tokens(1), .tokens(70), .tokens(1000)].flatMap {
      limit in [1, 2, 7, 16, 33, 500].map { Case(order: order, limit: limit, count: $0) }
    }
  }

  @Test("every epoch has every example exactly once", arguments: cases)
  func epochs(test: Case) {
    var order = test.steps()
    var seen: [Int] = []
    for step in 0..<6 * test.count {
      let batch = order.indices(step)
      #expect(!batch.isEmpty)
      seen += batch
      if seen.count >= 5 * test.count { break }
      // No batch has examples of two epochs.
      guard test.hasOwnEpochs else { continue }
      #expect((seen.count - batch.count) / test.count == (seen.count - 1) / test.count)
    }
    for epoch in 0..<5 {
      let examples = seen[epoch * test.count..<(epoch + 1) * test.count]
      #expect(examples.sorted() == Array(0..<test.count), "epoch \(epoch)")
      if test.order == .sequential {
        #expect(Array(examples) == Array(0..<test.count))
      }
    }
  }

  @Test("a batch keeps within its limit, or is one example", arguments: cases)
  func limits(test: Case) {
    var order = test.steps()
    let lengths = test.lengths
    for step in 0..<2 * test.count {
      let batch = order.indices(step)
      switch test.limit {
      case .examples(let size):
        #expect(test.hasOwnEpochs ? batch.count <= size : batch.count == size)
      case .tokens(let budget):
        #expect(batch.count == 1 || batch.reduce(0) { $0 + lengths[$1] } <= budget)
      }
    }
  }

  @Test(
    "a step's batch depends on seed and step alone, in whatever order one asks", arguments: cases)
  func determinism(test: Case) {
    var first = test.steps()
    let steps = 3 * test.count + 5
    let batches = (0..<steps).map { first.indices($0) }
    for start in RandomKey(seed: 3).permutation(steps).prefix(10) {
      // What a resumed run does; and what nobody does, going back.
      var resumed = test.steps()
      for step in start..<steps { #expect(resumed.indices(step) == batches[step]) }
      #expect(first.indices(start) == batches[start])
    }
    guard test.order != .sequential, test.count == 500 else { return }
    var other = test.steps(seed: 2)
    #expect((0..<20).map { other.indices($0) } != Array(batches.prefix(20)))
  }

  @Test("lengths are asked for only where batches depend on them")
  func laziness() {
    for order in [TrainingSchedule.Order.shuffled, .sequential] {
      var steps = ExampleOrder(count: 9, limit: .examples(4), order: order, seed: 1) { _ in
        Issue.record("asked for a length")
        return 1
      }
      #expect(steps.indices(2).count == 4)
    }
  }

  @Test("shuffled batches of a number of examples are what they have always been")
  func unchanged() {
    let key = RandomKey(seed: 5).folding("order")
    let epochs = (0..<3).flatMap { key.folding($0).permutation(10) }
    var order = ExampleOrder(count: 10, limit: .examples(4), order: .shuffled, seed: 5) { _ in 1 }
    #expect((0..<7).flatMap { order.indices($0) } == Array(epochs.prefix(28)))
  }
}
