import Foundation
import Testing

/// What a user asks of the scheduler on the command line.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct ScheduleCommandTests {
  @Test("orders, jobs by themselves, pausing and resuming, through a compiled experiment")
  func wholePath() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    // Nothing is known of an experiment that was never run.
    #expect(try process.dept("pause", "sweep").code == 66)
    let first = try process.dept(
      "run", "sweep.swift", "--no-report", "--json", "--jobs", "auto", "--order", "shuffled:3",
      "--memory-total", "8G")
    #expect(first.code == 0, "\(first.errors)")
    let summary = try first.json()
    #expect(summary["succeeded"] as? Int == 2 && summary["pruned"] as? Int == 0)

    let paused = try process.dept("pause", "sweep")
    #expect(paused.code == 0 && paused.output.contains("`dept resume sweep`"))
    let status = try process.dept("status", "sweep").output
    #expect(status.contains("sweep is paused"))
    let listed =
      try JSONSerialization.jsonObject(
        with: Data(try process.dept("status", "--json").output.utf8)) as? [[String: Any]]
    #expect(listed?.first?["paused"] as? Bool == true)
    // There is nothing left to start, so there is nothing to wait for.
    let again = try process.dept("run", "sweep.swift", "--no-report", "--order", "cheapest-first")
    #expect(again.code == 0 && again.output.contains("2 cached"))
    #expect(again.errors.contains("sweep is paused"))
    #expect(try process.dept("resume", "sweep").output.contains("carries it on"))
    #expect(try process.dept("resume", "sweep").output.contains("is not paused"))
  }

  @Test("what is no order, count or field is bad usage, and says what there is")
  func badUsage() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    for arguments in [
      ["--order", "sideways"], ["--order", "shuffled:x"], ["--order", "interleaved:"],
      ["--jobs", "0"], ["--jobs", "many"], ["--memory-total", "4"],
    ] {
      let outcome = try process.dept(["run", "sweep.swift"] + arguments)
      #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
    }
    let unknown = try process.dept("run", "sweep.swift", "--order", "interleaved:datset")
    #expect(unknown.code == 2 && unknown.errors.contains("dataset"), "\(unknown.errors)")
  }
}
