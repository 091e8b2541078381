import Datasets
import Experiments
import Foundation
import TensorEngine
import Training
import Workers

/// Training that costs nothing and is a pure function of step and seed, with real checkpoints:
/// what a worker does, without an engine.
enum PseudoTraining {
  /// The loss at a step: exactly a `Float`, as an engine's would be.
  static func loss(step: Int, seed: Int) -> Double {
    Double(Float(1) / Float(step + seed + 1))
  }

  /// The method's name decides how it behaves: `plain`, `slow`, `traps`, `diverges`, `throws`,
  /// `starves` (of seed 0, for more memory than any limit), `dies` (killed as by the system),
  /// `recovers` (diverges in its first attempt only), `waits` (at step 10 of its first attempt, to
  /// be told to stop), `hungry` (for memory, unless a part of a step has one sequence), `idle`
  /// (succeeds at once).
  static func carryOut(
    _ order: WorkOrder, _ record: (RunEvent) throws -> Void, _ synchronize: () -> Void,
    _ shouldStop: () -> Bool
  ) throws -> RunEvent {
    let steps = order.spec.schedule.steps
    let seed = order.spec.seed
    let checkpoint = "\(order.directory)/checkpoint.safetensors"
    for path in order.sourceAdapters {
      // A source that has succeeded left its seed.
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw RunFailure(.invalid, "the source's adapter \(path) is missing")
      }
      print("starts from seed \(text)")
    }
    if order.spec.method.name == "idle" {
      try record(.started(RunStart(trainable: 1, total: 1, resumedFrom: 0)))
      return .succeeded(RunSummary(scores: [:], bestStep: 1, seconds: 0, peakBytes: 1))
    }
    if order.spec.method.name == "hungry", order.partRows != 1 {
      throw RunFailure(.memory, "out of memory: too much is needed")
    }
    var step = 0
    if let text = try? String(contentsOfFile: checkpoint, encoding: .utf8) { step = Int(text) ?? 0 }
    try record(.started(RunStart(trainable: 100 + seed, total: 1000, resumedFrom: step)))
    print("seed \(seed) begins at step \(step)")
    while step < steps {
      if let pause = order.pauseAt, step >= pause { return .paused(step: step) }
      step += 1
      usleep(pause(order.spec))
      try record(
        .metric(MetricPoint(step: step, name: "train/loss", value: loss(step: step, seed: seed))))
      if step % 5 == 0 || step == steps {
        try record(
          .metric(
            MetricPoint(
              step: step, name: "validation/accuracy", value: accuracy(step: step, order.spec))))
        synchronize()
        try save(step, to: checkpoint)
        try record(.checkpoint(step: step))
      } else if step == order.pauseAt {
        synchronize()
        try save(step, to: checkpoint)
        try record(.checkpoint(step: step))
      }
      switch order.spec.method.name {
      case "traps" where step == 7: fatalError("this method traps at step 7")
      case "diverges" where step == 7:
        throw RunFailure(.diverged, "the loss became NaN at step 7", step: 7)
      case "recovers" where step == 7 && order.attempt == 1:
        throw RunFailure(.diverged, "the loss became NaN at step 7", step: 7)
      case "waits" where step == 10 && order.attempt == 1:
        for _ in 0..<60_000 where !shouldStop() { usleep(10_000) }
      case "throws" where step == 7: throw CocoaError(.fileNoSuchFile)
      case "starves" where step == 7 && seed == 0: _ = Tensor.zeros([1 << 28])
      case "dies" where step == 7: raise(SIGKILL)
      default: break
      }
      if shouldStop(), step < steps {
        synchronize()
        try save(step, to: checkpoint)
        try record(.checkpoint(step: step))
        return .stopped(step: step)
      }
    }
    try Data("\(seed)".utf8).write(
      to: URL(fileURLWithPath: "\(order.directory)/adapter.safetensors"), options: .atomic)
    return .succeeded(
      RunSummary(
        scores: [.validation: ["accuracy": 1], .test: ["accuracy": 0.5 + Double(seed) / 100]],
        bestStep: steps, seconds: Double(steps) / 1000, peakBytes: 0))
  }

  /// Rises with the step; of the method `ranked` the better the larger the seed.
  private static func accuracy(step: Int, _ spec: RunSpec) -> Double {
    let part = Double(step) / Double(spec.schedule.steps)
    return spec.method.name == "ranked" ? part / 2 + Double(spec.seed) / 100 : part
  }

  private static func pause(_ spec: RunSpec) -> UInt32 {
    guard case .integer(let microseconds)? = spec.method.hyperparameters["pause"] else { return 0 }
    return UInt32(microseconds)
  }

  private static func save(_ step: Int, to path: String) throws {
    try Data("\(step)".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
