import DeptTesting
import Experiments
import Foundation
import RunStorage
import Synchronization
import Testing

@Suite("Attempts of a run")
struct AttemptTests {
  private let folder: TemporaryFolder
  private let run = enrolled(1)

  init() throws { folder = try TemporaryFolder() }

  private func writer(
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws -> StoreWriter {
    let writer = try StoreWriter(home: folder.path, purpose: "t", clock: clock)
    try writer.enrol([run], experiment: "e")
    return writer
  }

  @Test("before the newest end nothing and add nothing any more")
  func fencing() throws {
    let writer = try writer()
    let old = try writer.begin(run.id, process: .current)
    let stale = try journal(folder, "old", [point(1, 0.5)])
    _ = try writer.fold(run.id, attempt: old, journal: stale)
    let new = try writer.begin(run.id, process: .current)
    #expect(new == old + 1)
    // The first one wakes up: it believes that it has succeeded, or failed.
    try journal(folder, "old", [point(2, 0.25), .succeeded(summary)])
    let folded = try writer.fold(run.id, attempt: old, journal: stale)
    #expect(folded.events.isEmpty && folded.ending == nil)
    try writer.fail(run.id, attempt: old, RunFailure(.invalid, "late"))
    try writer.lose(run.id, attempt: old, cause: .crashed, reason: "late")
    let frozen = try writer.store.run(run.id.rawValue)
    #expect(frozen.state == .running && frozen.summary == nil)
    #expect(frozen.curves["train/loss"]?.map(\.step) == [1])
    #expect(try writer.openAttempts().map(\.number) == [new])
    let fresh = try journal(folder, "new", [point(2, 0.75), .succeeded(summary)])
    #expect(try writer.fold(run.id, attempt: new, journal: fresh).ending != nil)
    #expect(
      try writer.store.run(run.id.rawValue).curves["train/loss"]?.map(\.value) == [0.5, 0.75])
    let states = try writer.store.query("SELECT n, state FROM attempt ORDER BY n")
    #expect(states.rows == [[.integer(1), .string("lost")], [.integer(2), .string("succeeded")]])
  }

  @Test("end no earlier than they began, though the clock goes backwards")
  func clock() throws {
    let now = Mutex(Date(timeIntervalSince1970: 2_000_000_000))
    let writer = try writer(clock: {
      now.withLock { time in
        time -= 3600
        return time
      }
    })
    let first = try writer.begin(run.id, process: .current)
    try writer.lose(run.id, attempt: first, cause: .crashed, reason: "gone")
    let second = try writer.begin(run.id, process: .current)
    let path = try journal(folder, [point(1, 0.5), .succeeded(summary)])
    _ = try writer.fold(run.id, attempt: second, journal: path)
    let backwards = try writer.store.query(
      "SELECT n FROM attempt WHERE finished_at < started_at OR finished_at IS NULL")
    #expect(backwards.rows.isEmpty)
    // The newest attempt is the one with the highest number, not the latest time.
    let frozen = try writer.store.run(run.id.rawValue)
    #expect(frozen.state == .succeeded && frozen.attempts == 2)
    let provenance = try writer.store.query(
      "SELECT count(*) FROM v_runs WHERE finished_at >= started_at OR attempts = 2")
    #expect(provenance.rows == [[.integer(1)]])
  }

  @Test("that fail without being the end leave the run queued, with what they were ordered")
  func retries() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current, partRows: 750)
    let path = try journal(folder, [.failed(RunFailure(.memory, "too much"))])
    _ = try writer.fold(run.id, attempt: attempt, journal: path, isFinal: { _ in false })
    var record = try #require(try writer.store.records()[run.id])
    #expect(record.state == .queued && record.ranOutOfMemory && record.partRows == 750)
    let last = try writer.begin(run.id, process: .current, partRows: 375)
    let other = try journal(folder, "b", [.failed(RunFailure(.memory, "too much"))])
    _ = try writer.fold(run.id, attempt: last, journal: other)
    try writer.explain(run.id, attempt: last, RunFailure(.memory, "too much; all was tried"))
    record = try #require(try writer.store.records()[run.id])
    #expect(record.state == .failed && record.failure == .memory && record.partRows == 375)
    #expect(
      try writer.store.run(run.id.rawValue).failure?.message == "too much; all was tried")
  }

  @Test("of a run that was pruned are kept; it reads as pruned until a plan wants it again")
  func pruning() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(folder, [point(5, 0.5), .paused(step: 5)])
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(try writer.store.run(run.id.rawValue).state == .queued)
    try writer.prune([run.id], at: 5)
    #expect(try writer.store.run(run.id.rawValue).state == .pruned)
    #expect(
      try writer.store.records()[run.id] == RunRecord(state: .pruned, prunedStep: 5, attempts: 1))
    #expect(try writer.store.status(of: "e").counts[.pruned] == 1)
    #expect(try writer.store.query("SELECT state FROM v_runs").rows == [[.string("pruned")]])
    #expect(try writer.store.runs(where: RunFilter("state = pruned")).count == 1)
    // The same plan again changes nothing.
    try writer.enrol([run], experiment: "e")
    #expect(try writer.store.run(run.id.rawValue).state == .pruned)
    try writer.requeue([run.id])
    #expect(try writer.store.run(run.id.rawValue).state == .queued)
    #expect(try writer.store.status(of: "e").counts[.pruned] == 0)
    // What is done is not given up.
    let last = try writer.begin(run.id, process: .current)
    let done = try journal(folder, "b", [.succeeded(summary)])
    _ = try writer.fold(run.id, attempt: last, journal: done)
    try writer.prune([run.id], at: 5)
    #expect(try writer.store.run(run.id.rawValue).state == .succeeded)
  }
}
