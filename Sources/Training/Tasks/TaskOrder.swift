/// Which task a step trains on, and which of its examples: a function of the step alone.
///
/// A batch has examples of one task only, and each task goes through its own examples epoch by
/// epoch, however many steps of others lie in between. With one task it is that task's
/// `ExampleOrder` itself.
///
/// A value with a memory: asking for steps in ascending order costs one draw a step.
struct TaskOrder: Sendable {
  private var orders: [ExampleOrder]
  private let draw: TaskDraw
  /// The steps that are counted, and how many of them each task had.
  private var counted = 0
  private var steps: [Int]

  /// - Parameters:
  ///   - orders: of each task's examples; at least one.
  ///   - draw: of as many tasks.
  init(_ orders: [ExampleOrder], draw: TaskDraw) {
    self.orders = orders
    self.draw = draw
    steps = orders.map { _ in 0 }
  }

  /// The steps that so many passes over the examples of all tasks take, the last one begun counted
  /// whole; at least 1.
  func steps(ofEpochs epochs: Double) -> Int {
    let sum = orders.reduce(0) { $0 + $1.steps(ofEpochs: epochs) }
    // What a product of fractions is above a whole number by rounding is no step.
    return max(1, Int((sum - 1e-9 * sum).rounded(.up)))
  }

  /// The task of step `step`, which counts from 0, and the indices of its examples.
  mutating func batch(_ step: Int) -> (task: Int, examples: [Int]) {
    guard orders.count > 1 else { return (0, orders[0].indices(step)) }
    if step < counted {
      counted = 0
      steps = orders.map { _ in 0 }
    }
    while counted < step {
      steps[draw.task(counted)] += 1
      counted += 1
    }
    let task = draw.task(step)
    return (task, orders[task].indices(steps[task]))
  }
}
