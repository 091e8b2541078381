import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Synchronization
import Testing

@Suite("A scheduler", .timeLimit(.minutes(5)))
struct SchedulerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func run(
    _ pseudo: PseudoPlan, _ change: (inout ScheduleOptions) -> Void = { _ in },
    notify: @escaping @Sendable (ScheduleEvent) -> Void = { _ in }
  ) async throws -> ScheduleSummary {
    var options = ScheduleOptions()
    change(&options)
    return try await Scheduler(
      pseudo.resolved, setup: pseudo.setup(folder.path), options: options, notify: notify
    ).run()
  }

  private func frozen() throws -> [FrozenRun] {
    try RunStore(home: folder.path).frozenRuns(experiment: "pseudo")
  }

  @Test("carries out a plan, and does nothing the second time", arguments: [1, 3])
  func carriesOut(jobs: Int) async throws {
    let pseudo = PseudoPlan(runs: 6, steps: 23)
    let first = try await run(pseudo) { $0.jobs = jobs }
    #expect(
      first == ScheduleSummary(experiment: "pseudo", planned: 6, succeeded: 6))
    #expect(first.exitCode == 0)
    for (seed, run) in try frozen().enumerated() {
      #expect(run.state == .succeeded)
      #expect(run.spec.seed == seed)
      #expect(run.attempts == 1)
      #expect(run.trainable == 100 + seed)
      #expect(run.summary?.scores[.test]?["accuracy"] == 0.5 + Double(seed) / 100)
      #expect((run.summary?.peakBytes ?? 0) > 100_000)
      #expect(run.curves["train/loss"]?.map(\.step) == Array(1...23))
      #expect(
        run.curves["train/loss"]?.map(\.value)
          == (1...23).map { PseudoPlan.loss(step: $0, seed: seed) })
      #expect(run.provenance.dataDigest == "d")
      let paths = RunFolder(home: folder.path, run: run.id)
      for file in [paths.order, paths.record, paths.log(attempt: 1)] {
        #expect(FileManager.default.fileExists(atPath: file), "\(file)")
      }
      // It was needed until the journal told the ending, and no longer.
      #expect(!FileManager.default.fileExists(atPath: paths.checkpoint))
    }
    let second = try await run(pseudo)
    #expect(second == ScheduleSummary(experiment: "pseudo", planned: 6, cached: 6))
  }

  @Test("serves many runs with as many workers as it has jobs")
  func reuse() async throws {
    try await run(PseudoPlan(runs: 12)) { $0.jobs = 2 }
    let pids = try StoreWriter(home: folder.path, purpose: "t").store.query(
      "SELECT count(DISTINCT pid) FROM attempt")
    #expect(pids.rows == [[.integer(2)]])
  }

  @Test("does only what has been added to the plan")
  func difference() async throws {
    try await run(PseudoPlan(runs: 2))
    let summary = try await run(PseudoPlan(runs: 5))
    #expect(summary.cached == 2 && summary.succeeded == 3)
  }

  @Test("does as much as it is allowed to, and only what fits")
  func limits() async throws {
    let pseudo = PseudoPlan(runs: 5)
    var summary = try await run(pseudo) { $0.limit = 2 }
    #expect(summary.succeeded == 2 && summary.cancelled == 3)
    let only = try RunFilter("seed in (0, 4)")
    summary = try await run(pseudo) { $0.only = only }
    #expect(summary.cached == 2 && summary.succeeded == 1)
    #expect(try frozen().map(\.state) == [.succeeded, .succeeded, .queued, .queued, .succeeded])
  }

  @Test("repeats what has succeeded when forced to, from the beginning")
  func force() async throws {
    let pseudo = PseudoPlan(runs: 2)
    try await run(pseudo)
    let summary = try await run(pseudo) { $0.force = true }
    #expect(summary.succeeded == 2 && summary.cached == 0)
    for run in try frozen() {
      #expect(run.attempts == 2)
      #expect(run.curves["train/loss"]?.count == 20)
    }
  }

  @Test("keeps the reason of a run that fails, and tries it again only when asked")
  func failures() async throws {
    let pseudo = PseudoPlan(method: "diverges", runs: 2)
    let summary = try await run(pseudo)
    #expect(summary.failed == 2 && summary.exitCode == 1)
    #expect(
      try frozen().first?.failure == RunFailure(.diverged, "the loss became NaN at step 7", step: 7)
    )
    #expect(try frozen().first?.curves["train/loss"]?.count == 7)
    let again = try await run(pseudo)
    #expect(again.failed == 2)
    #expect(try frozen().allSatisfy { $0.attempts == 1 })
    try await run(pseudo) { $0.retriesFailed = true }
    #expect(try frozen().allSatisfy { $0.attempts == 2 })
  }

  @Test("turns an error of a run into its failure")
  func thrown() async throws {
    try await run(PseudoPlan(method: "throws", runs: 1))
    #expect(try frozen().first?.failure?.kind == .file)
  }

  @Test("survives runs that trap: they fail with the trap's words, the others succeed")
  func traps() async throws {
    let lost = Mutex(0)
    let summary = try await run(
      PseudoPlan(method: "traps", runs: 2),
      notify: { event in if case .lost = event { lost.withLock { $0 += 1 } } })
    #expect(summary.failed == 2)
    #expect(lost.withLock { $0 } >= 4)
    for run in try frozen() {
      #expect(run.failure?.kind == .crashed)
      #expect(run.failure?.message.contains("this method traps at step 7") == true)
      #expect(run.attempts >= 3)
    }
    let running = try RunStore(home: folder.path).query(
      "SELECT count(*) FROM v_runs WHERE state = 'running'")
    #expect(running.rows == [[.integer(0)]])
  }

  @Test("stops after checkpoints when interrupted, and goes on from them")
  func drain() async throws {
    let pseudo = PseudoPlan(runs: 4, steps: 200, pause: 60_000)
    let scheduler = Mutex<Scheduler?>(nil)
    let made = Scheduler(pseudo.resolved, setup: pseudo.setup(folder.path)) { event in
      if case .reported(_, .checkpoint(let step)) = event, step >= 10 {
        scheduler.withLock {
          $0?.interrupt(); $0 = nil
        }
      }
    }
    scheduler.withLock { $0 = made }
    let summary = try await made.run()
    #expect(summary.wasStopped && summary.exitCode == 85 && summary.cancelled == 4)
    let stopped = try frozen()
    #expect(stopped.allSatisfy { $0.state == .queued })
    let reached = try #require(stopped[0].curves["train/loss"]?.last?.step)
    #expect(reached >= 10 && reached < 200)
    try await run(pseudo) { $0.jobs = 4 }
    let table = try RunStore(home: folder.path).query(
      "SELECT resumed_from FROM attempt ORDER BY run, n LIMIT 2")
    #expect(table.rows == [[.integer(0)], [.integer(reached)]])
    for run in try frozen() {
      #expect(run.state == .succeeded)
      #expect(run.curves["train/loss"]?.map(\.step) == Array(1...200))
    }
  }

  @Test("kills at the second interruption, and leaves nothing running")
  func kill() async throws {
    let pseudo = PseudoPlan(runs: 2, steps: 100_000, pause: 1000)
    let scheduler = Mutex<Scheduler?>(nil)
    let made = Scheduler(pseudo.resolved, setup: pseudo.setup(folder.path)) { event in
      if case .reported(_, .checkpoint) = event {
        scheduler.withLock {
          $0?.interrupt(); $0?.interrupt(); $0 = nil
        }
      }
    }
    scheduler.withLock { $0 = made }
    let summary = try await made.run()
    #expect(summary.wasKilled && summary.exitCode == 130)
    #expect(try frozen().allSatisfy { $0.state == .queued })
  }

  @Test("says so when its workers cannot be started")
  func noWorkers() async throws {
    let pseudo = PseudoPlan(runs: 2)
    var setup = pseudo.setup(folder.path)
    setup.worker = WorkerCommand(executable: folder.path + "/none")
    await #expect {
      _ = try await Scheduler(pseudo.resolved, setup: setup).run()
    } throws: { error in
      if case ScheduleError.noWorkers = error { true } else { false }
    }
    #expect(try frozen().allSatisfy { $0.state == .queued })
  }

  @Test("fails the runs of a worker that is none, and ends")
  func wrongWorker() async throws {
    let pseudo = PseudoPlan(runs: 2)
    var setup = pseudo.setup(folder.path)
    setup.worker = WorkerCommand(executable: "/bin/false")
    let summary = try await Scheduler(pseudo.resolved, setup: setup).run()
    #expect(summary.failed == 2)
    #expect(try frozen()[0].failure?.message.contains("exit code 1") == true)
  }

  @Test("tells what happens, in order")
  func events() async throws {
    let events = Mutex<[ScheduleEvent]>([])
    try await run(
      PseudoPlan(runs: 1, steps: 5), notify: { event in events.withLock { $0.append(event) } })
    let told = events.withLock { $0 }
    guard case .planned(_, toRun: 1)? = told.first, case .succeeded? = told.last else {
      Issue.record("\(told)")
      return
    }
    #expect(told.count { if case .reported(_, .metric) = $0 { true } else { false } } == 6)
  }
}
