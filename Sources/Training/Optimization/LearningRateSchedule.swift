/// The factor on every base learning rate: linear warm-up from 0, then linear decay to 0.
public struct LearningRateSchedule: Hashable, Sendable {
  public let steps: Int
  public let warmup: Int

  public init(steps: Int, warmup: Int) {
    self.steps = steps
    self.warmup = warmup
  }

  /// The factor of step `step`, which counts from 0.
  public func factor(_ step: Int) -> Double {
    if step < warmup { return Double(step) / Double(warmup) }
    return steps <= warmup ? 0 : max(0, Double(steps - step) / Double(steps - warmup))
  }
}
