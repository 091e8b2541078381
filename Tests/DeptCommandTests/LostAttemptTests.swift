import Experiments
import Foundation
import Testing

/// Processes that are killed, or lose their run, in the middle of it.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct LostAttemptTests {
  private let process: DeptProcess

  init() throws {
    process = try DeptProcess()
    try process.write(HeldWorker.experiment(), to: "sweep.swift")
  }

  /// The run has gone on from its checkpoint, and has one point for each step.
  private func expectWhole(_ held: HeldWorker, after state: String) throws {
    let attempts = try process.attempts()
    #expect(attempts.map(\.state) == [state, "succeeded"])
    #expect(attempts.map(\.n) == [1, 2])
    #expect(attempts.last?.resumedFrom == held.checkpoint)
    #expect(
      try process.rows(
        """
        SELECT metric, count, last_step FROM v_metrics
        WHERE metric IN ('train/loss', 'validation/accuracy') ORDER BY metric
        """)
        == [
          "train/loss,\(HeldWorker.steps),\(HeldWorker.steps)",
          "validation/accuracy,\(HeldWorker.steps / HeldWorker.interval),\(HeldWorker.steps)",
        ])
    #expect(held.has("attempt-1.journal") && held.has("attempt-2.journal"))
    #expect(held.has("adapter.safetensors") && !held.has("checkpoint.safetensors"))
  }

  @Test("a worker that is killed costs the steps since its checkpoint, and changes no bit")
  func worker() throws {
    defer { process.remove() }
    let running = try process.begin("run", "sweep.swift", "--no-report")
    defer { running.end() }
    let held = try process.hold(running)
    held.end()
    let outcome = try running.wait()
    #expect(outcome.code == 0, "\(outcome)")
    #expect(outcome.errors.contains("the worker was ended by signal 9"), "\(outcome.errors)")
    try expectWhole(held, after: "lost")
    // An undisturbed run has the same points, scores, answers and adapter.
    let again = try process.dept("reproduce", try #require(try process.runIDs().first))
    #expect(again.code == 0 && again.output.hasSuffix("equal bit for bit\n"), "\(again)")
  }

  @Test("when the scheduler is killed too the run reads as lost, until the next goes on with it")
  func scheduler() throws {
    defer { process.remove() }
    let running = try process.begin("run", "sweep.swift", "--no-report")
    defer { running.end() }
    let held = try process.hold(running)
    defer { held.release() }
    // It is not to notice that its worker is gone.
    running.send(SIGSTOP)
    #expect(try process.dept("runs", "list", "--where", "state = running").output.contains("lora"))
    held.end()
    running.kill()
    #expect(try running.wait().code == SIGKILL)
    let isLost = try running.waits {
      try process.dept("runs", "list", "--where", "state = lost").output.contains("lora")
    }
    #expect(isLost)
    let status = try process.dept("status", "--json")
    #expect(status.output.contains("\"lost\" : 1"), "\(status)")
    // What SQL cannot know, and what it is known by.
    #expect(try process.rows("SELECT state FROM v_runs") == ["running"])
    let identity = "SELECT boot_id FROM attempt WHERE pid = \(held.pid) AND process_start > 0"
    let boot = try #require(try process.rows(identity).first)
    #if os(Linux)
    let path = "/proc/sys/kernel/random/boot_id"
    #expect(try String(contentsOfFile: path, encoding: .utf8) == boot + "\n")
    #else
    #expect(!boot.isEmpty)
    #endif

    let outcome = try process.dept("run", "sweep.swift", "--no-report")
    #expect(outcome.code == 0, "\(outcome)")
    #expect(outcome.errors.contains("attempt 1 of an earlier scheduler taken over"))
    try expectWhole(held, after: "lost")
  }

  @Test("an attempt that has lost its run to a newer one writes nothing more, and fails saying so")
  func fencing() throws {
    defer { process.remove() }
    let running = try process.begin("run", "sweep.swift", "--no-report")
    defer { running.end() }
    let held = try process.hold(running)
    defer { held.release() }
    let checkpoint = try held.read("checkpoint.safetensors")
    try Data("2".utf8).write(to: held.folder.appending(path: "lease"))
    held.release()
    let outcome = try running.wait()
    #expect(outcome.code == 1 && outcome.output.contains("1 runs: 0 succeeded, 1 failed"))
    let loss = "to attempt 2, which goes on with the run; it has written nothing more"
    #expect(outcome.output.contains("attempt 1 has lost ") && outcome.output.contains(loss))
    #expect(try held.read("checkpoint.safetensors") == checkpoint)
    #expect(!held.has("adapter.safetensors") && !held.has("predictions.jsonl"))
    let events = try held.events()
    #expect(events.last { $0.isCheckpoint } == .checkpoint(step: held.checkpoint))
    guard case .metric? = events.last else {
      Issue.record("\(events.suffix(3))")
      return
    }
    let failed = try #require(try process.attempts().first)
    #expect(failed.state == "failed" && failed.reason.contains(loss))
    #expect(try process.rows("SELECT state, failure_kind FROM v_runs") == ["failed,file"])
    #expect(try process.dept("store", "check").code == 0)

    let next = try process.dept("run", "sweep.swift", "--no-report")
    #expect(next.code == 0, "\(next)")
    try expectWhole(held, after: "failed")
  }
}

extension RunEvent {
  fileprivate var isCheckpoint: Bool { if case .checkpoint = self { true } else { false } }
}
