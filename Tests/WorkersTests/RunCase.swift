import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import Training
import TuningMethods
import Workers

/// A short real run in a folder of its own: a backbone of a few thousand weights, ten examples.
struct RunCase {
  let folder: TemporaryFolder
  var order: WorkOrder
  private let method = PromptTuning(length: 3)
  private static let backbone = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/t5-v1.0").path

  init(_ change: (inout TrainingSchedule) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    let lines = (0..<10).map { #"{"source": "number \#($0) of ten", "target": "\#($0 % 2)"}"# }
    for (name, count) in [("train", 10), ("validation", 3), ("test", 3)] {
      try folder.write(
        lines.prefix(count).joined(separator: "\n") + "\n", to: "data/\(name).jsonl")
    }
    var schedule = TrainingSchedule()
    schedule.steps = 8
    schedule.batchSize = 4
    schedule.evaluateEvery = 2
    schedule.targetLength = 4
    schedule.sourceLength = 32
    change(&schedule)
    let spec = RunSpec(
      backbone: "tiny", dataset: DatasetID(rawValue: "\(folder.path)/data"),
      method: try MethodDescription(method), schedule: schedule, seed: 1)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "run"), withIntermediateDirectories: true)
    order = WorkOrder(
      id: RunID(rawValue: String(repeating: "ab", count: 32)), spec: spec, attempt: 1,
      directory: "\(folder.path)/run", dataDirectory: "\(folder.path)/data",
      backboneDirectory: Self.backbone, threads: 1)
  }

  /// The order's next attempt.
  mutating func again(_ change: (inout WorkOrder) -> Void = { _ in }) {
    order.attempt += 1
    order.pauseAt = nil
    change(&order)
  }

  /// Carries the order out without a worker.
  func carryOut(
    record: (RunEvent) throws -> Void = { _ in }, synchronize: () -> Void = {},
    shouldStop: () -> Bool = { false }
  ) throws -> RunEvent {
    try RunExecution().carryOut(
      order, method: method, record: record, synchronize: synchronize, shouldStop: shouldStop)
  }

  /// A file of the run's folder.
  func bytes(_ name: String) -> Data? {
    FileManager.default.contents(atPath: "\(order.directory)/\(name)")
  }

  func points(_ events: [RunEvent]) -> [MetricPoint] {
    events.compactMap { event in
      guard case .metric(let point) = event else { return nil }
      return point
    }
  }
}
