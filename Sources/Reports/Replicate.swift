import Experiments
import Training

/// What tells runs of one configuration apart.
struct Replicate: Hashable, Sendable, Comparable {
  /// The seed of the run.
  var seed: Int
  /// The seed of its few-shot draw, where that is another; 0 elsewhere.
  var draw: Int

  init(_ spec: RunSpec) {
    seed = spec.seed
    draw = spec.schedule.fewShotSeed ?? 0
  }

  init(seed: Int, draw: Int = 0) {
    self.seed = seed
    self.draw = draw
  }

  static func < (a: Self, b: Self) -> Bool { (a.seed, a.draw) < (b.seed, b.draw) }
}
