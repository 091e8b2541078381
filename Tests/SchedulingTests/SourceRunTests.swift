import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Synchronization
import Testing

@Suite("Runs that start from others", .timeLimit(.minutes(5)))
struct SourceRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func run(
    _ pseudo: PseudoPlan, _ change: (inout ScheduleOptions) throws -> Void = { _ in },
    notify: @escaping @Sendable (ScheduleEvent) -> Void = { _ in }
  ) async throws -> ScheduleSummary {
    var options = ScheduleOptions()
    try change(&options)
    return try await Scheduler(
      pseudo.resolved, setup: pseudo.setup(folder.path), options: options, notify: notify
    ).run()
  }

  private func store() throws -> RunStore { try RunStore(home: folder.path) }

  private func states() throws -> [RunState] {
    try store().frozenRuns(experiment: "pseudo").map(\.state)
  }

  @Test("are carried out after them, which are planned as well, once", arguments: [1, 3])
  func order(jobs: Int) async throws {
    let pseudo = PseudoPlan(runs: 4, steps: 12, source: "plain")
    let started = Mutex<[RunID]>([])
    let summary = try await run(pseudo) {
      $0.jobs = jobs
    } notify: { event in
      if case .started(let run, _) = event { started.withLock { $0.append(run) } }
    }
    #expect(summary == ScheduleSummary(experiment: "pseudo", planned: 5, succeeded: 5))
    // The source is no run of the experiment's tables, but one of its record.
    #expect(try states() == Array(repeating: .succeeded, count: 4))
    let source = try #require(try store().sourceRuns(experiment: "pseudo").first)
    #expect(source.spec.seed == 50 && source.state == .succeeded)
    #expect(started.withLock { $0.first } == source.id)
    #expect(started.withLock { $0.count } == 5)
    for run in try store().frozenRuns(experiment: "pseudo") {
      #expect(run.provenance.sources == [source.id])
      let log = RunFolder(home: folder.path, run: run.id).log(attempt: 1)
      #expect(try String(contentsOfFile: log, encoding: .utf8).hasPrefix("starts from seed 50\n"))
    }
    #expect(source.provenance.sources == nil)
    #expect(
      try await run(pseudo) == ScheduleSummary(experiment: "pseudo", planned: 5, cached: 5))
    // What is new starts from what is there.
    let more = try await run(PseudoPlan(runs: 6, steps: 12, source: "plain"))
    #expect(more == ScheduleSummary(experiment: "pseudo", planned: 7, cached: 5, succeeded: 2))
  }

  @Test("are cancelled when their source fails, and both tried again when that is asked for")
  func failedSource() async throws {
    let pseudo = PseudoPlan(runs: 2, source: "recovers")
    let cancelled = Mutex<[RunID: RunID]>([:])
    @Sendable func note(_ event: ScheduleEvent) {
      if case .cancelled(let run, let source) = event {
        cancelled.withLock { $0[run] = source }
      }
    }
    let first = try await run(pseudo, notify: { note($0) })
    #expect(
      first == ScheduleSummary(experiment: "pseudo", planned: 3, failed: 1, cancelled: 2))
    #expect(first.exitCode == 1)
    #expect(try states() == [.cancelled, .cancelled])
    let source = try #require(try store().sourceRuns(experiment: "pseudo").first)
    #expect(source.failure?.kind == .diverged)
    #expect(cancelled.withLock { Set($0.values) } == [source.id])
    #expect(cancelled.withLock { $0.count } == 2)
    // Again without asking: the same, and nothing is begun.
    cancelled.withLock { $0 = [:] }
    let second = try await run(pseudo, notify: { note($0) })
    #expect(second == first)
    #expect(cancelled.withLock { $0.count } == 2)
    #expect(try states() == [.cancelled, .cancelled])
    #expect(try store().query("SELECT count(*) FROM attempt").rows == [[.integer(1)]])
    let third = try await run(pseudo) { $0.retriesFailed = true }
    #expect(third == ScheduleSummary(experiment: "pseudo", planned: 3, succeeded: 3))
  }

  @Test("a source that crashes again and again stops only what starts from it")
  func crashingSource() async throws {
    let pseudo = PseudoPlan(runs: 1, source: "traps")
    var plan = pseudo.plan
    plan.runs += PseudoPlan(runs: 2).plan.runs
    let resolved = ResolvedPlan(
      plan, experiment: "pseudo", digests: PlanDigests(data: { _ in "d" }, backbone: { _ in "b" }))
    let summary = try await Scheduler(resolved, setup: pseudo.setup(folder.path)).run()
    #expect(
      summary
        == ScheduleSummary(
          experiment: "pseudo", planned: 4, succeeded: 2, failed: 1, cancelled: 1))
  }

  @Test("a limit and a condition take sources along")
  func limits() async throws {
    let pseudo = PseudoPlan(runs: 3, source: "plain")
    let first = try await run(pseudo) { $0.limit = 1 }
    #expect(first.succeeded == 1 && first.cancelled == 3)
    #expect(try store().sourceRuns(experiment: "pseudo").map(\.state) == [.succeeded])
    let second = try await run(pseudo) { $0.only = try RunFilter("seed = 2") }
    #expect(second.succeeded == 1 && second.cached == 1)
    #expect(try states() == [.queued, .queued, .succeeded])
  }

  @Test("a source whose adapter is gone is repeated before something starts from it")
  func lostAdapter() async throws {
    try await run(PseudoPlan(runs: 1, source: "plain"))
    let source = try #require(try store().sourceRuns(experiment: "pseudo").first)
    let adapter = RunFolder(home: folder.path, run: source.id).adapter
    try FileManager.default.removeItem(atPath: adapter)
    let cached = try await run(PseudoPlan(runs: 1, source: "plain"))
    #expect(cached.cached == 2)
    let summary = try await run(PseudoPlan(runs: 2, source: "plain"))
    #expect(summary.cached == 1 && summary.succeeded == 2)
    #expect(FileManager.default.fileExists(atPath: adapter))
  }

  @Test("stopped in the middle of a source, they go on from its checkpoint")
  func drain() async throws {
    let pseudo = PseudoPlan(runs: 2, steps: 20, source: "waits")
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
    #expect(summary.wasStopped && summary.exitCode == 85 && summary.cancelled == 3)
    #expect(try states() == [.queued, .queued])
    let rest = try await run(pseudo) { $0.jobs = 2 }
    #expect(rest == ScheduleSummary(experiment: "pseudo", planned: 3, succeeded: 3))
    let resumed = try store().query("SELECT resumed_from FROM attempt WHERE n = 2 ORDER BY run")
    #expect(resumed.rows.count == 1 && resumed.rows[0] != [.integer(0)])
  }
}
