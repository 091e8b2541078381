import Backbones
import Datasets
import Experiments
import Foundation
import RunStorage
import Training

/// Noisy training curves, numbers that need all digits of double precision.
struct BenchCurves {
  static let names = [
    "train/loss", "train/gradient-norm", "train/learning-rate", "train/tokens-per-second",
    "train/accuracy", "train/prompt-norm", "validation/loss", "validation/accuracy",
    "validation/f1", "memory/bytes",
  ]
  /// How many metrics take turns.
  var count = BenchCurves.names.count
  var seed = 0

  /// Point `index` of the journal.
  func event(_ index: Int) -> RunEvent {
    let (step, curve) = (index / count, index % count)
    var bits = UInt64(truncatingIfNeeded: (seed << 40) ^ index) &* 0x9e37_79b9_7f4a_7c15
    bits = (bits ^ (bits >> 29)) &* 0xbf58_476d_1ce4_e5b9
    let noise = Double((bits ^ (bits >> 32)) >> 11) / Double(1 << 53)
    let value = 3 / (1 + Double(step) / 1000) + 0.4 + 0.2 * noise
    return .metric(MetricPoint(step: step + 1, name: Self.names[curve], value: value))
  }

  /// Writes a whole journal of that many points, and how the run ended.
  func write(_ points: Int, to path: String) throws {
    let journal = try Journal(path: path)
    for index in 0..<points { try journal.append(event(index)) }
    try journal.append(.succeeded(RunSummary(scores: [:], bestStep: 1, seconds: 1, peakBytes: 1)))
  }
}

/// A run of the benchmark, which is being carried out.
struct BenchRun {
  let id: RunID
  let attempt: Int

  init(_ number: Int, in writer: StoreWriter) throws {
    id = Self.id(number)
    let spec = RunSpec(
      backbone: "none", dataset: "none",
      method: MethodDescription(name: "none", hyperparameters: [:]), schedule: TrainingSchedule(),
      seed: number)
    try writer.enrol([EnrolledRun(id: id, spec: spec)], experiment: "benchmark \(number)")
    attempt = try writer.begin(id, process: .current)
  }

  static func id(_ number: Int) -> RunID {
    let digits = String(number, radix: 16)
    return RunID(
      rawValue: String(repeating: "0", count: 4 - digits.count) + digits
        + String(repeating: "a", count: 60))
  }

  /// Folds a journal to its end.
  func fold(_ path: String, into writer: StoreWriter) throws {
    _ = try writer.fold(id, attempt: attempt, journal: path)
  }
}
