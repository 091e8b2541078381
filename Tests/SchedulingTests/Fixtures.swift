import Backbones
import Datasets
import Experiments
import Foundation
import RunStorage
import Scheduling
import Training

/// The executable `TestWorker`, which lies beside the tests.
let testWorker: String = {
  let own =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]
  let beside = (own as NSString).deletingLastPathComponent + "/TestWorker"
  if FileManager.default.fileExists(atPath: beside) { return beside }
  // The tests run as a bundle inside another tool: its path is an argument.
  for argument in CommandLine.arguments where argument.contains(".xctest") {
    var folder = (argument as NSString).deletingLastPathComponent
    while folder.contains(".xctest") { folder = (folder as NSString).deletingLastPathComponent }
    if FileManager.default.fileExists(atPath: folder + "/TestWorker") {
      return folder + "/TestWorker"
    }
  }
  return beside
}()

/// Pseudo-training of `TestWorker`: as many seeds as asked for.
struct PseudoPlan {
  var method = "plain"
  var runs = 3
  var steps = 20
  /// Microseconds a step takes.
  var pause = 0
  /// The method of one more run, which the plan does not list and all of its runs start from.
  var source: String?
  /// The group that all of its runs are pruned in.
  var bracket: PlanBracket?

  var plan: RunPlan {
    RunPlan(
      runs: (0..<runs).map { seed in
        var run = PlannedRun(spec: spec(seed))
        run.bracket = bracket
        return run
      })
  }

  /// Of the method `chained` each run starts from the one before.
  func spec(_ seed: Int) -> RunSpec {
    var sources = source.map { [spec($0, seed: 50, from: [])] } ?? []
    if method == "chained", seed > 0 { sources = [spec(seed - 1)] }
    return spec(method, seed: seed, from: sources)
  }

  private func spec(_ method: String, seed: Int, from sources: [RunSpec]) -> RunSpec {
    var schedule = TrainingSchedule()
    schedule.steps = steps
    return RunSpec(
      backbone: "none", dataset: "none",
      method: MethodDescription(name: method, hyperparameters: ["pause": .integer(pause)]),
      schedule: schedule, seed: seed, sources: sources)
  }

  var resolved: ResolvedPlan {
    ResolvedPlan(
      plan, experiment: "pseudo", digests: PlanDigests(data: { _ in "d" }, backbone: { _ in "b" }))
  }

  func setup(_ home: String) -> ScheduleSetup {
    ScheduleSetup(
      home: home, worker: WorkerCommand(executable: testWorker), dataDirectory: "\(home)/data",
      backboneDirectory: { "\(home)/\($0)" })
  }

  /// What the store must say of every run, once it has finished.
  static func loss(step: Int, seed: Int) -> Double {
    Double(Float(1) / Float(step + seed + 1))
  }
}

/// Every point that any journal of a home holds, by run and metric; the newest attempt counts.
func acknowledgedPoints(_ home: String, _ run: FrozenRun) throws -> [String: [Int: Double]] {
  var points: [String: [Int: Double]] = [:]
  for attempt in 1...max(1, run.attempts) {
    var reader = JournalReader(path: RunFolder(home: home, run: run.id).journal(attempt: attempt))
    while true {
      let events = try reader.next()
      if events.isEmpty { break }
      for case .metric(let point) in events {
        points[point.name, default: [:]][point.step] = point.value
      }
    }
  }
  return points
}
