import TensorEngine

/// The task of each step of a multi-task run: drawn from seed and step alone, so that a run resumes
/// at any step without state.
struct TaskDraw: Sendable {
  private let key: RandomKey
  /// The probability of a task and of those before it.
  private let bounds: [Double]

  /// - Parameter probabilities: of each task, with the sum 1.
  init(_ probabilities: [Double], seed: Int) {
    key = RandomKey(seed: seed).folding("task")
    var sum = 0.0
    bounds = probabilities.map {
      sum += $0
      return sum
    }
  }

  /// The task of step `step`, which counts from 0.
  func task(_ step: Int) -> Int {
    let place = key.unit(step)
    // The last bound may be a rounding error short of 1.
    return bounds.firstIndex { place < $0 } ?? bounds.count - 1
  }
}
