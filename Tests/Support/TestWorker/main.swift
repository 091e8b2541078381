import Backbones
import Datasets
import Experiments
import Foundation
import RunStorage
import Scheduling
import Training
import Workers

// TestWorker worker                                         serves orders with pseudo-training
// TestWorker schedule HOME METHOD RUNS STEPS PAUSE JOBS [NAME]
//                                               carries out a plan of such runs, called NAME
// TestWorker append PATH                                    writes points to a journal for ever
let arguments = CommandLine.arguments

func schedule(_ home: String, _ method: String, _ numbers: [Int]) async -> Int32 {
  var settings = TrainingSchedule()
  settings.steps = numbers[1]
  /// Of the method `chained` each run starts from the one before.
  func spec(_ seed: Int) -> RunSpec {
    RunSpec(
      backbone: "none", dataset: "none",
      method: MethodDescription(name: method, hyperparameters: ["pause": .integer(numbers[2])]),
      schedule: settings, seed: seed,
      sources: method == "chained" && seed > 0 ? [spec(seed - 1)] : [])
  }
  var plan = RunPlan(runs: (0..<numbers[0]).map { PlannedRun(spec: spec($0)) })
  if method == "ranked" {
    // Half of them go on after five steps, a quarter after ten.
    for place in plan.runs.indices {
      plan.runs[place].bracket = PlanBracket(
        id: "group", rule: .successiveHalving(factor: 2, from: 5))
    }
  }
  let name = arguments.count > 8 ? arguments[8] : "pseudo"
  let resolved = ResolvedPlan(
    plan, experiment: name, digests: PlanDigests(data: { _ in "d" }, backbone: { _ in "b" }))
  let setup = ScheduleSetup(
    home: home, worker: WorkerCommand(executable: executablePath()),
    dataDirectory: "\(home)/data", backboneDirectory: { "\(home)/\($0)" })
  var options = ScheduleOptions()
  options.jobs = numbers[3]
  let scheduler = SharedSchedule(resolved, setup: setup, options: options) { event in
    switch event {
    case .reported(_, .metric), .estimate: break
    // Nobody reads so many lines.
    default:
      guard method != "idle" else { return }
      print(event)
      // Whoever waits for the line is to see it now.
      fflush(nil)
    }
  }
  let watch = SignalWatch { _ in scheduler.interrupt() }
  defer { withExtendedLifetime(watch) {} }
  do {
    let summary = try await scheduler.run()
    print(summary)
    return summary.exitCode
  } catch let error as StoreError {
    print(error)
    if case .inUse = error { return 75 }
    return 70
  } catch {
    print(error)
    return 70
  }
}

/// Times what a scheduler needs for runs that need no time at all.
func overhead(_ home: String, runs: Int) async -> Int32 {
  let clock = ContinuousClock()
  let begin = clock.now
  let code = await schedule(home, "idle", [runs, 1, 0, 1])
  let each = (clock.now - begin) / runs
  print("overhead: \(each) a run, \(runs) runs")
  return code
}

/// Appends points until it is killed, and writes a byte for each that was taken.
func append(to path: String) throws {
  let journal = try Journal(path: path)
  var step = 0
  while true {
    step += 1
    try journal.append(
      .metric(MetricPoint(step: step, name: "train/loss", value: 1 / Double(step))))
    var told: UInt8 = 1
    if write(STDOUT_FILENO, &told, 1) != 1 { return }
  }
}

func executablePath() -> String {
  (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? arguments[0]
}

switch arguments.dropFirst().first {
case "worker":
  exit(Worker.serve(carryOut: PseudoTraining.carryOut))
case "schedule" where arguments.count >= 8:
  let numbers = arguments[4..<8].compactMap { Int($0) }
  exit(await schedule(arguments[2], arguments[3], numbers))
case "append" where arguments.count == 3:
  try append(to: arguments[2])
case "overhead" where arguments.count == 4:
  exit(await overhead(arguments[2], runs: Int(arguments[3]) ?? 1000))
default:
  print("usage: TestWorker worker | TestWorker schedule HOME METHOD RUNS STEPS PAUSE JOBS")
  exit(2)
}
