import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Testing

@Suite("Whatever is killed", .timeLimit(.minutes(10)), .serialized)
struct KillTests {
  private let folder: TemporaryFolder
  private var pseudo = PseudoPlan(runs: 6, steps: 60, pause: 1500)

  init() throws { folder = try TemporaryFolder() }

  private func start(_ name: String = "pseudo") throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: testWorker)
    process.arguments = [
      "schedule", folder.path, pseudo.method, "\(pseudo.runs)", "\(pseudo.steps)",
      "\(pseudo.pause)", "2", name,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Every run finished once, every acknowledged point is there, nothing is left behind.
  private func check() throws {
    let store = try RunStore(home: folder.path)
    let runs = try store.frozenRuns(experiment: "pseudo")
    #expect(runs.count == pseudo.runs)
    for run in runs {
      #expect(run.state == .succeeded)
      let curve = run.curves["train/loss"] ?? []
      #expect(curve.map(\.step) == Array(1...pseudo.steps))
      #expect(
        curve.map(\.value)
          == (1...pseudo.steps).map { PseudoPlan.loss(step: $0, seed: run.spec.seed) })
      // Nobody keeps the space that killed attempts had reserved.
      for attempt in 1...max(1, run.attempts) {
        let journal = RunFolder(home: folder.path, run: run.id).journal(attempt: attempt)
        #expect(FileManager.default.contents(atPath: journal)?.last != 0)
      }
      for (name, points) in try acknowledgedPoints(folder.path, run) {
        let stored = Dictionary(
          uniqueKeysWithValues: (run.curves[name] ?? []).map { ($0.step, $0.value) })
        for (step, value) in points { #expect(stored[step] == value) }
      }
    }
    let endings = try store.query(
      "SELECT count(*) FROM attempt WHERE state = 'succeeded' GROUP BY run")
    #expect(endings.rows == Array(repeating: [.integer(1)], count: pseudo.runs))
    #expect(
      try store.query("SELECT count(*) FROM attempt WHERE state = 'running'").rows == [
        [.integer(0)]
      ])
  }

  private func workers(where condition: String = "1") throws -> [Int] {
    let table = try RunStore(home: folder.path).query(
      """
      SELECT pid, process_start, boot_id, host FROM attempt
      WHERE state = 'running' AND \(condition)
      """)
    return table.rows.compactMap { row in
      guard case .integer(let pid) = row[0], case .integer(let start) = row[1],
        case .string(let boot) = row[2], case .string(let host) = row[3],
        ProcessIdentity(pid: pid, startTime: start, bootID: boot, host: host).isAlive
      else { return nil }
      return pid
    }
  }

  @Test("of the workers, every run finishes once", arguments: [1, 2, 3])
  func workersKilled(seed: UInt64) async throws {
    var random = seed
    let process = try start()
    for _ in 0..<4 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      try await Task.sleep(for: .milliseconds(Int(random >> 40) % 60))
      // Only one that got further: three deaths in a row without any progress are a failure.
      while process.isRunning {
        if let pid = try? workers(where: "last_step > resumed_from").first {
          kill(pid_t(pid), SIGKILL)
          break
        }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    try check()
  }

  @Test("scheduler included, starting again finishes every run once", arguments: [1, 2, 3, 4])
  func schedulerKilled(seed: UInt64) async throws {
    var random = seed &* 7919
    var orphans: [Int] = []
    for _ in 0..<5 {
      let process = try start()
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      try await Task.sleep(for: .milliseconds(15 + Int(random >> 40) % 120))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      orphans += (try? workers()) ?? []
    }
    let last = try start()
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    try check()
    for pid in orphans { #expect(!ProcessIdentity(pid: pid).isAlive, "an orphan lives on") }
  }

  @Test("runs that start from each other come one after the other", arguments: [1, 2, 3])
  mutating func chainKilled(seed: UInt64) async throws {
    pseudo.method = "chained"
    var random = seed &* 104_729
    for round in 0..<4 {
      let process = try start()
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      try await Task.sleep(for: .milliseconds(40 + Int(random >> 40) % 160))
      if round % 2 == 0 {
        kill(process.processIdentifier, SIGKILL)
      } else if let pid = try? workers(where: "last_step > resumed_from").first {
        kill(pid_t(pid), SIGKILL)
        kill(process.processIdentifier, SIGTERM)
      } else {
        kill(process.processIdentifier, SIGTERM)
      }
      process.waitUntilExit()
    }
    let last = try start()
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    try check()
    let order = try RunStore(home: folder.path).query(
      """
      SELECT later.seed FROM run AS later JOIN run AS earlier ON earlier.seed = later.seed - 1
      JOIN attempt AS start ON start.run = later.key AND start.n = 1
      JOIN attempt AS source ON source.run = earlier.key AND source.state = 'succeeded'
      WHERE start.started_at < source.finished_at
      """)
    #expect(order.rows.isEmpty, "a run began before its source had succeeded")
  }

  @Test("a scheduler that is killed takes its workers along soon, at a checkpoint")
  func orphansStop() async throws {
    let process = try start()
    var pids: [Int] = []
    while pids.isEmpty, process.isRunning {
      try await Task.sleep(for: .milliseconds(10))
      pids = (try? workers()) ?? []
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let identities = pids.map { ProcessIdentity(pid: $0) }
    let deadline = Date(timeIntervalSinceNow: 5)
    while identities.contains(where: \.isAlive), Date() < deadline {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(identities.filter(\.isAlive).isEmpty)
  }

  @Test("a store that was lost, with the journals still there, is filled anew")
  func lostStore() async throws {
    let process = try start()
    while (try? workers())?.isEmpty != false, process.isRunning {
      try await Task.sleep(for: .milliseconds(10))
    }
    try await Task.sleep(for: .milliseconds(200))
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
    let last = try start()
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    for run in try RunStore(home: folder.path).frozenRuns(experiment: "pseudo") {
      #expect(run.state == .succeeded)
      // A journal of before is not written again: the attempt's number is above it.
      let journals = try FileManager.default.contentsOfDirectory(
        atPath: RunFolder(home: folder.path, run: run.id).path
      ).filter { $0.hasSuffix(".journal") }
      #expect(journals.contains("attempt-\(run.attempts).journal"))
    }
  }

  @Test("groups come to the same end, with the same runs pruned", arguments: [1, 2, 3])
  mutating func groupsKilled(seed: UInt64) async throws {
    pseudo = PseudoPlan(method: "ranked", runs: 8, steps: 15, pause: 3000)
    var random = seed &* 15_485_863
    for round in 0..<5 {
      let process = try start()
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      try await Task.sleep(for: .milliseconds(30 + Int(random >> 40) % 150))
      kill(process.processIdentifier, round % 2 == 0 ? SIGKILL : SIGTERM)
      process.waitUntilExit()
    }
    for _ in 0..<2 {
      let last = try start()
      last.waitUntilExit()
      #expect(last.terminationStatus == 0)
      let runs = try RunStore(home: folder.path).frozenRuns(experiment: "pseudo")
      #expect(
        runs.map(\.state)
          == Array(repeating: .pruned, count: 6) + [.succeeded, .succeeded])
      let steps = runs.map { $0.curves["train/loss"]?.last?.step ?? 0 }
      #expect(steps == [5, 5, 5, 5, 10, 10, 15, 15])
    }
    let listed = try RunStore(home: folder.path).query(
      "SELECT state, count(*) FROM v_runs GROUP BY state ORDER BY state")
    #expect(
      listed.rows == [
        [.string("pruned"), .integer(6)], [.string("succeeded"), .integer(2)],
      ])
    // Without the group they are carried on from their checkpoints.
    pseudo.method = "ranked"
    let summary = try await Scheduler(
      pseudo.resolved, setup: pseudo.setup(folder.path)
    ).run()
    #expect(summary.succeeded == 6 && summary.cached == 2)
    try check()
  }
  @Test("a limit lets a group get on, a few runs at a time, to the same end", arguments: [1, 3])
  mutating func groupsLimited(limit: Int) async throws {
    pseudo = PseudoPlan(
      method: "ranked", runs: 8, steps: 15,
      bracket: PlanBracket(id: "group", rule: .successiveHalving(factor: 2, from: 5)))
    var options = ScheduleOptions()
    options.limit = limit
    var calls = 0
    var summary = ScheduleSummary(experiment: "pseudo", planned: 8)
    summary.cancelled = 8
    while summary.cancelled > 0, calls < 30 {
      let before = try? RunStore(home: folder.path).query("SELECT count(*) FROM attempt").rows
      summary = try await Scheduler(
        pseudo.resolved, setup: pseudo.setup(folder.path), options: options
      ).run()
      let after = try RunStore(home: folder.path).query("SELECT count(*) FROM attempt").rows
      #expect(before != after, "nothing was done")
      calls += 1
    }
    let runs = try RunStore(home: folder.path).frozenRuns(experiment: "pseudo")
    #expect(
      runs.map(\.state) == Array(repeating: .pruned, count: 6) + [.succeeded, .succeeded])
    let steps = runs.map { $0.curves["train/loss"]?.last?.step ?? 0 }
    #expect(steps == [5, 5, 5, 5, 10, 10, 15, 15])
    #expect(calls >= 8 / limit)
  }
}
