import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Training

/// Files of the real tools, as `Tests/Golden/golden_exchange.py` made them.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/exchange").path
  static let events = "\(folder)/events.out.tfevents.golden"
  static let database = "\(folder)/mlflow.db"
}

/// A home with an experiment `odd names/1` of two runs: one succeeded with odd values, one failed.
func exampleHome(_ folder: TemporaryFolder) throws -> StoreWriter {
  let writer = try StoreWriter(home: folder.path, purpose: "a test")
  var schedule = TrainingSchedule()
  schedule.steps = 4
  let specs = (1...2).map { seed in
    RunSpec(
      backbone: "t5-base", dataset: "mrpc",
      method: MethodDescription(
        name: "dept",
        hyperparameters: [
          "rank": .integer(45), "text": .string("a, \"b\"\nc"), "long": .string(longText),
        ]), schedule: schedule, seed: seed)
  }
  let ids = ["1", "2"].map { RunID(rawValue: String(repeating: $0, count: 64)) }
  try writer.enrol(
    zip(ids, specs).map { EnrolledRun(id: $0, spec: $1) }, experiment: "odd names/1")
  let events: [[RunEvent]] = [
    [
      .started(RunStart(trainable: 76_800, total: 223_000_000, resumedFrom: 0)),
      point(1, 0.1), point(2, .nan), point(3, .infinity), point(4, -.infinity),
      point(2, 0.25, "validation/f 1, (macro)"), point(4, 0.5, "validation/f 1, (macro)"),
      .succeeded(
        RunSummary(
          scores: [.validation: ["f1": 0.5], .test: ["f1": 0.375]], bestStep: 4, seconds: 2.5,
          peakBytes: 1 << 20)),
    ],
    [point(1, 0.5), .failed(RunFailure(.diverged, "the loss is NaN", step: 2))],
  ]
  for (id, events) in zip(ids, events) {
    let attempt = try writer.begin(id, process: .current)
    let path = "\(folder.path)/\(id.short).journal"
    let journal = try Journal(path: path)
    for event in events { try journal.append(event) }
    _ = try writer.fold(id, attempt: attempt, journal: path)
  }
  try writer.add([.note("seen", on: .run(ids[0])), .tag(run: ids[0], name: "best")])
  return writer
}

let longText = String(repeating: "ä", count: 9000)

private func point(_ step: Int, _ value: Double, _ name: String = "train/loss") -> RunEvent {
  .metric(MetricPoint(step: step, name: name, value: value))
}

/// The points of a run by metric, as texts, so that NaN equals NaN.
func points(_ run: FrozenRun) -> [String: [String]] {
  run.curves.mapValues { $0.map { "\($0.step) \($0.value)" } }
}
