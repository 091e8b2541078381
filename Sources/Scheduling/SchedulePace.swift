import Experiments
import Foundation

/// How fast steps are done, and how many are left: the estimate of the time that remains.
struct SchedulePace {
  private var jobs = 1
  private var waiting: [Int] = []
  private var running: [RunID: (steps: Int, first: Int?, reached: Int)] = [:]
  private var stepsDone = 0
  private var startedAt: Date?

  init() {}

  /// - Parameter waiting: the steps of each run that is to be carried out, in order.
  init(waiting: [Int], jobs: Int) {
    self.waiting = waiting
    self.jobs = max(1, jobs)
  }

  mutating func began(_ run: RunID, steps: Int) {
    if startedAt == nil { startedAt = Date() }
    running[run] = (steps, nil, 0)
  }

  /// How many steps a run has, once its worker has counted them.
  mutating func counted(_ run: RunID, steps: Int) { running[run]?.steps = steps }

  /// The first step seen may come after a checkpoint, so counting begins there.
  mutating func reached(_ run: RunID, step: Int) {
    guard var entry = running[run], step > entry.reached else { return }
    if let first = entry.first {
      stepsDone += step - max(first, entry.reached)
    } else {
      entry.first = step
    }
    entry.reached = step
    running[run] = entry
  }

  mutating func ended(_ run: RunID) { running[run] = nil }

  /// `nil` until enough has happened to tell.
  func secondsLeft(waiting count: Int) -> Double? {
    guard let startedAt, stepsDone > 0 else { return nil }
    let elapsed = Date().timeIntervalSince(startedAt)
    let left =
      waiting.suffix(count).reduce(0, +)
      + running.values.reduce(0) { $0 + max(0, $1.steps - $1.reached) }
    return elapsed * Double(left) / Double(stepsDone)
  }
}
