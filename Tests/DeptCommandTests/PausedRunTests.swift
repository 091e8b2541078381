import Foundation
import Testing

/// An experiment that is paused while there is work left.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct PausedRunTests {
  @Test("starts nothing and stays; what is in hand stops after a checkpoint and goes on from there")
  func pauses() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(HeldWorker.experiment(others: 3), to: "sweep.swift")
    let first = try process.dept(
      "run", "sweep.swift", "--no-report", "--only", "steps < 10", "--limit", "1")
    #expect(first.code == 0, "\(first.errors)")
    #expect(try process.dept("pause", "sweep").code == 0)
    let running = try process.begin("run", "sweep.swift", "--no-report")
    defer { running.end() }
    #expect(running.waits { running.said.errors.contains("sweep is paused; `dept resume sweep`") })
    // It has looked around again since then.
    let status = try process.dept("status", "sweep")
    #expect(status.output.contains("sweep is paused"))
    #expect(try process.attempts().map(\.state) == ["succeeded"])
    #expect(running.isRunning)

    let resumed = try process.dept("resume", "sweep")
    #expect(resumed.output.contains("sweep goes on"), "\(resumed)")
    let held = try process.hold(running)
    defer { held.release() }
    let paused = try process.dept("pause", "sweep")
    #expect(paused.output.contains("its runs stop after a checkpoint"), "\(paused)")
    let isSaid = running.waits {
      running.said.errors.components(separatedBy: "sweep is paused").count == 3
    }
    #expect(isSaid, "\(running.said)")
    held.release()
    #expect(try running.waits { try process.attempts().last?.state == "stopped" })
    #expect(running.isRunning && held.has("checkpoint.safetensors"))
    #expect(try process.attempts().map(\.state) == ["succeeded", "stopped"])

    #expect(try process.dept("resume", "sweep").code == 0)
    let outcome = try running.wait()
    #expect(outcome.code == 0 && outcome.output.contains("4 runs: 1 cached, 3 succeeded"))
    let attempts = try process.attempts().filter { held.folder.lastPathComponent == $0.run }
    #expect(attempts.map(\.state) == ["stopped", "succeeded"])
    #expect(attempts.last?.resumedFrom == attempts.first?.lastStep)
    #expect(try process.attempts().count == 5)
  }
}
