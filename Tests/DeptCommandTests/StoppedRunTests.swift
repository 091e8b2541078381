import Foundation
import Testing

/// A long run that somebody ends early.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct StoppedRunTests {
  private let process: DeptProcess

  init() throws {
    process = try DeptProcess()
    try process.write(HeldWorker.experiment(steps: 100_000), to: "sweep.swift")
  }

  private func hasCheckpoint(_ attempt: StoredAttempt) -> Bool {
    let path = ".dept/runs/\(attempt.run)/checkpoint.safetensors"
    return FileManager.default.fileExists(atPath: process.folder.appending(path: path).path)
  }

  @Test("leaves a checkpoint, whoever asks, and goes on from there; asked twice it ends at once")
  func stops() throws {
    defer { process.remove() }
    // Without a signal, by `dept stop`.
    for signal in [SIGTERM, SIGUSR1, nil] {
      let before = try process.attempts()
      let running = try process.begin("run", "sweep.swift", "--no-report")
      defer { running.end() }
      let isAtWork = try running.waits {
        let attempts = try process.attempts()
        guard attempts.count > before.count, let last = attempts.last else { return false }
        return last.lastStep > before.last?.lastStep ?? 0
      }
      #expect(isAtWork, "\(running.said)")
      if let signal {
        running.send(signal)
      } else {
        #expect(try process.dept("stop", "sweep").output.contains("was asked to stop\n"))
      }
      let outcome = try running.wait()
      #expect(outcome.code == 85 && outcome.output.contains("1 not run"), "\(outcome)")
      let last = try #require(try process.attempts().last)
      #expect(last.state == "stopped" && hasCheckpoint(last))
      #expect(outcome.errors.contains("stopped after step \(last.lastStep)"), "\(outcome.errors)")
      #expect(last.resumedFrom == before.last?.lastStep ?? 0 && last.lastStep > last.resumedFrom)
      #expect(try process.rows("SELECT state FROM v_runs") == ["queued"])
    }

    let interrupted = try process.begin("run", "sweep.swift", "--no-report")
    defer { interrupted.end() }
    var held = try process.hold(interrupted)
    defer { held.release() }
    interrupted.send(SIGINT)
    #expect(interrupted.waits { interrupted.said.errors.contains("once more to stop at once") })
    // It cannot write its checkpoint now.
    #expect(interrupted.isRunning)
    interrupted.send(SIGINT)
    try expectEnd(of: interrupted, held, code: 130)

    let stopped = try process.begin("run", "sweep.swift", "--no-report")
    defer { stopped.end() }
    held = try process.hold(stopped)
    #expect(try process.dept("stop", "sweep", "--now").output.contains("asked to stop at once"))
    try expectEnd(of: stopped, held, code: 143)
  }

  /// The worker is gone, nothing reads as running, and the checkpoint is still there.
  private func expectEnd(
    of running: DeptProcess.Running, _ held: HeldWorker, code: Int32
  ) throws {
    #expect(running.waits { !running.isRunning }, "\(running.said)")
    running.end()
    let outcome = try running.wait()
    #expect(outcome.code == code, "\(outcome)")
    #expect(outcome.errors.contains("Stopping at once."), "\(outcome.errors)")
    #expect(kill(held.pid, 0) != 0)
    let attempts = try process.attempts()
    #expect(attempts.last?.state == "lost" && !attempts.contains { $0.state == "running" })
    #expect(try process.rows("SELECT state FROM v_runs") == ["queued"])
    #expect(held.has("checkpoint.safetensors"))
  }
}
