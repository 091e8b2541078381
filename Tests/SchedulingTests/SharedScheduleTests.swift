import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Testing

@Suite("Several schedulers of one experiment", .timeLimit(.minutes(5)), .serialized)
struct SharedScheduleTests {
  private let folder: TemporaryFolder
  private var pseudo = PseudoPlan(runs: 10, steps: 60, pause: 6000)

  init() throws { folder = try TemporaryFolder() }

  private struct Running {
    let process: Process
    let output: Pipe

    /// What it prints until a word is in it, or its end.
    func text(until word: String) -> String {
      var text = ""
      while !text.contains(word) {
        let more = output.fileHandleForReading.availableData
        if more.isEmpty { return text }
        text += String(decoding: more, as: UTF8.self)
      }
      return text
    }

    /// What else it printed, and its exit code.
    func end() -> (text: String, code: Int32) {
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
  }

  private func start(_ name: String = "pseudo") throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: testWorker)
    process.arguments = [
      "schedule", folder.path, "plain", "\(pseudo.runs)", "\(pseudo.steps)", "\(pseudo.pause)", "1",
      name,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return Running(process: process, output: output)
  }

  private func count(_ sql: String) -> Int {
    guard
      case .integer(let count)? = (try? RunStore(home: folder.path).query(sql))?.rows.first?.first
    else { return 0 }
    return count
  }

  /// Waits until something has happened, a minute at the most; on this very thread, because others
  /// of the tests may keep all that tasks have.
  private func wait(until hasHappened: () -> Bool) {
    let end = ContinuousClock.now + .seconds(60)
    while !hasHappened(), ContinuousClock.now < end { usleep(5000) }
  }

  /// Waits until a query counts at least so many.
  private func wait(for sql: String, atLeast least: Int) {
    wait { count(sql) >= least }
  }

  /// Two of them, of which the first carries the plan out and nothing has been started before the
  /// second helps.
  private func startBoth() throws -> (first: Running, second: Running) {
    let suspension = Suspension(home: folder.path, experiment: "pseudo")
    try suspension.begin()
    let first = try start()
    wait { (try? RunStore(home: folder.path).running)?.experiment == "pseudo" }
    let second = try start()
    wait { !Companion.living(home: folder.path, experiment: "pseudo").isEmpty }
    try suspension.end()
    return (first, second)
  }

  private let attempts = "SELECT count(*) FROM attempt"

  /// Every run succeeded in one attempt, except for those that were interrupted.
  private func check() throws {
    let runs = try RunStore(home: folder.path).frozenRuns(experiment: "pseudo")
    #expect(runs.count == pseudo.runs)
    #expect(runs.allSatisfy { $0.state == .succeeded })
    #expect(runs.allSatisfy { $0.curves["train/loss"]?.map(\.step) == Array(1...pseudo.steps) })
    #expect(
      count("SELECT count(*) FROM attempt WHERE state = 'succeeded'") == pseudo.runs)
  }

  @Test("share its runs, do none twice, and come to the same end")
  func sharing() throws {
    let (first, second) = try startBoth()
    let (text, code) = second.end()
    let (own, ownCode) = first.end()
    #expect(code == 0 && ownCode == 0)
    #expect(text.contains("helping(pid: \(first.process.processIdentifier))"))
    #expect(own.contains("capacity(jobs: 2)"))
    #expect(text.split(separator: "\n").last == own.split(separator: "\n").last)
    // Two at a time from then on, in two processes.
    #expect(count("SELECT count(DISTINCT pid) FROM attempt") >= 2)
    #expect(count(attempts) == pseudo.runs)
    try check()
  }

  @Test("go on when the first is killed, however", arguments: [SIGKILL, SIGTERM])
  func takingOver(signal: Int32) throws {
    let (first, second) = try startBoth()
    wait(for: attempts, atLeast: 3)
    first.send(signal)
    let (_, firstCode) = first.end()
    #expect(firstCode == (signal == SIGKILL ? 9 : 85))
    let (text, code) = second.end()
    #expect(code == 0)
    #expect(text.contains("succeeded: \(pseudo.runs)"))
    try check()
  }

  @Test("end their own share alone when asked to stop")
  func leaving() throws {
    let (first, second) = try startBoth()
    wait(for: attempts, atLeast: 3)
    second.send(SIGINT)
    #expect(second.end().code == 85)
    let (text, code) = first.end()
    #expect(code == 0)
    #expect(text.contains("capacity(jobs: 2)") && text.contains("capacity(jobs: 1)"))
    try check()
  }

  @Test("another experiment is turned away with 75, and told what is being carried out")
  func others() throws {
    let first = try start()
    wait(for: attempts, atLeast: 1)
    let (text, code) = try start("another").end()
    #expect(code == 75)
    #expect(text.contains("another dept is running pseudo"))
    #expect(text.contains("pid \(first.process.processIdentifier)"))
    #expect(first.end().code == 0)
    try check()
  }

  @Test("an experiment that is paused starts nothing until it is resumed, and loses nothing")
  mutating func pausing() throws {
    pseudo = PseudoPlan(runs: 4, steps: 60, pause: 6000)
    let suspension = Suspension(home: folder.path, experiment: "pseudo")
    let first = try start()
    wait(for: attempts, atLeast: 1)
    try suspension.begin()
    wait { count("SELECT count(*) FROM attempt WHERE state = 'running'") == 0 }
    let before = count(attempts)
    usleep(300000)
    #expect(count(attempts) == before && first.process.isRunning)
    // It stays paused whoever is killed.
    first.send(SIGKILL)
    _ = first.end()
    let second = try start()
    #expect(second.text(until: "suspended").contains("suspended"))
    #expect(count(attempts) == before && second.process.isRunning)
    try suspension.end()
    let (text, code) = second.end()
    #expect(code == 0 && text.contains("resumed"))
    try check()
  }
}
