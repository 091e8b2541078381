import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Training

func enrolled(_ number: Int, method: String = "dept", steps: Int = 10) -> EnrolledRun {
  var schedule = TrainingSchedule()
  schedule.steps = steps
  let digits = String(number, radix: 16)
  return EnrolledRun(
    id: RunID(rawValue: digits + String(repeating: "a", count: 64 - digits.count)),
    spec: RunSpec(
      backbone: "t5-base", dataset: "mrpc",
      method: MethodDescription(name: method, hyperparameters: ["rank": .integer(45)]),
      schedule: schedule, seed: number))
}

let summary = RunSummary(
  scores: [.validation: ["accuracy": 0.75], .test: ["accuracy": 0.5, "f1": 0.25]], bestStep: 8,
  seconds: 12.5, peakBytes: 1 << 20)

/// Appends events to a journal of `folder` and returns its path.
@discardableResult
func journal(
  _ folder: TemporaryFolder, _ name: String, _ events: [RunEvent]
) throws -> String {
  let path = "\(folder.path)/\(name).journal"
  let journal = try Journal(path: path)
  for event in events { try journal.append(event) }
  return path
}

/// The same for a test that needs one journal only.
@discardableResult
func journal(_ folder: TemporaryFolder, _ events: [RunEvent]) throws -> String {
  try journal(folder, "a", events)
}

func point(_ step: Int, _ value: Double, _ name: String = "train/loss") -> RunEvent {
  .metric(MetricPoint(step: step, name: name, value: value))
}
