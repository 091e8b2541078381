import Foundation
import Testing

/// One experiment that several `dept run` are asked for at once.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct SharedWorkTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private static let lending = "carries sweep out; this one lends it its jobs"

  private func begin() throws -> DeptProcess.Running {
    try process.begin("run", "sweep.swift", "--no-report")
  }

  /// Begins a `dept run` and waits until it lends its jobs.
  private func beginHelping() throws -> DeptProcess.Running {
    let running = try begin()
    #expect(running.waits { running.said.errors.contains(Self.lending) }, "\(running.said)")
    return running
  }

  @Test("no run is carried out twice, another experiment has to wait, Ctrl-C ends a share alone")
  func together() throws {
    defer { process.remove() }
    try process.write(HeldWorker.experiment(others: 7), to: "sweep.swift")
    try process.write(DeptProcess.experiment(), to: "other.swift")
    // Compiled before, since both are wanted while a run is held.
    for file in ["sweep.swift", "other.swift"] {
      #expect(try process.dept("plan", file).code == 0)
    }
    let first = try begin()
    defer { first.end() }
    let held = try process.hold(first)
    defer { held.release() }

    let refused = try process.dept("run", "other.swift", "--no-report")
    #expect(refused.code == 75, "\(refused)")
    #expect(refused.errors.hasPrefix("dept: another dept is running sweep in "))
    #expect(refused.errors.contains("or stop it with `dept stop sweep`"))
    let patient = try process.begin("run", "other.swift", "--no-report", "--wait")
    defer { patient.end() }

    let second = try beginHelping()
    defer { second.end() }
    // With the only worker of the first held, the others need the job that was lent.
    let areDone = try first.waits {
      try process.attempts().count { $0.state == "succeeded" } == 7
    }
    #expect(areDone, "\(first.said)")
    #expect(first.said.errors.contains("2 runs at a time from now on"))
    let third = try beginHelping()
    defer { third.end() }
    third.send(SIGINT)
    #expect(try third.wait().code == 85)
    #expect(first.isRunning && second.isRunning && patient.isRunning)
    held.release()
    for running in [first, second] {
      let outcome = try running.wait()
      #expect(outcome.code == 0, "\(outcome)")
      #expect(outcome.output.contains("8 runs: 8 succeeded"), "\(outcome)")
    }
    let last = try patient.wait()
    #expect(last.code == 0 && last.output.contains("2 runs: 2 succeeded"), "\(last)")

    let attempts = try process.attempts()
    #expect(attempts.count == 10)
    #expect(attempts.allSatisfy { $0.state == "succeeded" && $0.n == 1 })
    let own = attempts.dropLast(2)
    #expect(Set(own.filter { $0.pid != held.pid }.map(\.run)).count == 7)
    #expect(Set(own.map(\.pid)).count == 2)
  }

  @Test("who helps goes on where the first is killed")
  func succession() throws {
    defer { process.remove() }
    try process.write(HeldWorker.experiment(others: 1), to: "sweep.swift")
    let first = try begin()
    defer { first.end() }
    let held = try process.hold(first)
    defer { held.release() }
    let second = try beginHelping()
    defer { second.end() }
    first.kill()
    held.end()
    #expect(try first.wait().code == SIGKILL)
    let outcome = try second.wait()
    #expect(outcome.code == 0 && outcome.output.contains("2 runs: 2 succeeded"), "\(outcome)")
    #expect(outcome.errors.contains("attempt 1 of an earlier scheduler taken over"))
    let attempts = try process.attempts().filter { $0.run == held.folder.lastPathComponent }
    #expect(attempts.map(\.state) == ["lost", "succeeded"])
    #expect(attempts.last?.resumedFrom == held.checkpoint)
  }
}
