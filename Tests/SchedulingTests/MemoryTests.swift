#if os(Linux)
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Synchronization
import Testing

@Suite("When memory runs out", .timeLimit(.minutes(2)))
struct MemoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func frozen() throws -> [FrozenRun] {
    try RunStore(home: folder.path).frozenRuns(experiment: "pseudo")
  }

  @Test("the run that needs it fails and says so; the others succeed at once", arguments: [1, 2])
  func shortage(jobs: Int) async throws {
    let pseudo = PseudoPlan(method: "starves", runs: 4)
    var setup = pseudo.setup(folder.path)
    setup.memoryLimit = 512 << 20
    var options = ScheduleOptions()
    options.jobs = jobs
    let summary = try await Scheduler(pseudo.resolved, setup: setup, options: options).run()
    #expect(summary.failed == 1 && summary.succeeded == 3 && summary.exitCode == 1)
    let runs = try frozen()
    // In smaller and smaller parts, then no more.
    #expect(runs.map(\.attempts) == [4, 1, 1, 1])
    let parts = try RunStore(home: folder.path).query(
      "SELECT part_rows FROM attempt JOIN run ON run.key = attempt.run WHERE seed = 0 ORDER BY n")
    #expect(parts.rows == [[.null], [.integer(750)], [.integer(375)], [.integer(1)]])
    let failure = try #require(runs[0].failure)
    #expect(failure.kind == .memory)
    #expect(failure.message.hasPrefix("out of memory: 1024 MiB more are needed, "))
    #expect(failure.message.contains("are left of the 512 MiB that the limit allows"))
    for remedy in ["smaller batch", ".batchSize(…, accumulation: …)", "--memory", "--jobs 1"] {
      #expect(failure.message.contains(remedy))
    }
    // What it did before is kept, and it is left alone until somebody asks.
    #expect(runs[0].curves["train/loss"]?.map(\.step) == Array(1...7))
    let again = try await Scheduler(pseudo.resolved, setup: setup, options: options).run()
    #expect(again.failed == 1 && again.cached == 3)
    #expect(try frozen()[0].attempts == 4)
    let tried = "steps in parts of 1500, 750, 375 rows and of one sequence were tried"
    #expect(failure.message.hasSuffix(tried))
    setup.memoryLimit = 4 << 30
    options.retriesFailed = true
    let retried = try await Scheduler(pseudo.resolved, setup: setup, options: options).run()
    #expect(retried.succeeded == 1 && retried.cached == 3 && retried.exitCode == 0)
    #expect(try frozen()[0].curves["train/loss"]?.map(\.step) == Array(1...20))
  }

  @Test("a run that needs smaller parts gets them, and succeeds", arguments: [false, true])
  func smallerParts(isInterrupted: Bool) async throws {
    let pseudo = PseudoPlan(method: "hungry", runs: 2)
    let retried = Mutex<[Int]>([])
    let scheduler = Mutex<Scheduler?>(nil)
    let made = Scheduler(pseudo.resolved, setup: pseudo.setup(folder.path)) { event in
      guard case .retried(_, let failure, let rows) = event else { return }
      #expect(failure.kind == .memory)
      retried.withLock { $0.append(rows) }
      if isInterrupted { scheduler.withLock { $0?.interrupt() } }
    }
    scheduler.withLock { $0 = made }
    var summary = try await made.run()
    while summary.wasStopped {
      #expect(try frozen().allSatisfy { $0.state != .failed })
      summary = try await Scheduler(pseudo.resolved, setup: pseudo.setup(folder.path)).run()
    }
    #expect(summary.succeeded + summary.cached == 2)
    if !isInterrupted { #expect(retried.withLock { $0 } == [750, 375, 1, 750, 375, 1]) }
    #expect(try frozen().map(\.attempts) == [4, 4])
    #expect(try frozen().map(\.summary?.partRows) == [1, 1])
  }

  @Test("a worker that is killed without a word may have run out of memory")
  func killed() async throws {
    let pseudo = PseudoPlan(method: "dies", runs: 1, pause: 50_000)
    let summary = try await Scheduler(pseudo.resolved, setup: pseudo.setup(folder.path)).run()
    #expect(summary.failed == 1)
    let message = try #require(try frozen()[0].failure?.message)
    #expect(message.contains("ended by signal 9"))
    #expect(message.contains("the system may have run out of memory (it had "))
    #expect(message.contains(" MiB for itself when last seen): a smaller batch"))
  }
}
#endif
