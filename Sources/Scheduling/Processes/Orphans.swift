import Experiments
import Foundation
import RunStorage

/// Attempts that a scheduler left open when it died: ended in the store, their workers stopped.
struct Orphans {
  let writer: StoreWriter
  let home: String
  /// Seconds that a worker has to write its checkpoint.
  let patience: Double
  let retries: RetryPolicy

  /// Ends every open attempt: its worker is stopped, its journal folded, its run queued again.
  ///
  /// - Returns: what was ended.
  func end() async throws(StoreError) -> [OpenAttempt] {
    let open = try writer.openAttempts()
    await stop(open.map(\.process))
    for attempt in open {
      let journal = RunFolder(home: home, run: attempt.run).journal(attempt: attempt.number)
      let (spec, rows) = try writer.order(of: attempt)
      do {
        _ = try writer.fold(
          attempt.run, attempt: attempt.number, journal: journal,
          isFinal: { failure in
            failure.kind != .memory
              || retries.verdict(on: .memory, of: spec, partRows: rows) == .never
          })
      } catch .journal(let detail) {
        try writer.fail(attempt.run, attempt: attempt.number, RunFailure(.file, detail))
      }
      Journal.trim(path: journal)
      try writer.lose(
        attempt.run, attempt: attempt.number, cause: .orphaned,
        reason: "the scheduler was gone and the worker (pid \(attempt.process.pid)) with it")
    }
    return open
  }

  /// Asks workers that still live to stop, and ends those that do not in time.
  private func stop(_ processes: [ProcessIdentity]) async {
    var living = processes.filter(\.isAlive)
    for process in living { kill(pid_t(process.pid), SIGTERM) }
    let deadline = Date(timeIntervalSinceNow: patience)
    while !living.isEmpty, Date() < deadline {
      try? await Task.sleep(for: .milliseconds(10))
      living = living.filter(\.isAlive)
    }
    for process in living { kill(pid_t(process.pid), SIGKILL) }
    while living.contains(where: \.isAlive) { try? await Task.sleep(for: .milliseconds(5)) }
  }
}
