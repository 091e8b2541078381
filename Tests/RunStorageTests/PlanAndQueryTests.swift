import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing

@Suite("A store of runs")
struct PlanAndQueryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writer() throws -> StoreWriter {
    try StoreWriter(home: folder.path, purpose: "t")
  }

  private func succeed(_ run: EnrolledRun, _ writer: StoreWriter) throws {
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(
      folder, run.id.short, [point(1, 1), .succeeded(summary)])
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
  }

  @Test("lists the runs of the newest plan in its order")
  func order() throws {
    let writer = try writer()
    try writer.enrol([enrolled(3), enrolled(1), enrolled(2)], experiment: "e")
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.spec.seed) == [3, 1, 2])
    try writer.enrol([enrolled(2), enrolled(4), enrolled(3)], experiment: "e")
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.spec.seed) == [2, 4, 3])
  }

  @Test("cancels unfinished runs that no plan wants, and queues them when one does")
  func cancellation() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1), enrolled(2), enrolled(3)], experiment: "e")
    try writer.enrol([enrolled(3)], experiment: "other")
    try succeed(enrolled(2), writer)
    try writer.enrol([], experiment: "e")
    let states = try writer.store.records().mapValues(\.state)
    #expect(states[enrolled(1).id] == .cancelled)
    #expect(states[enrolled(2).id] == .succeeded)
    #expect(states[enrolled(3).id] == .queued)
    try writer.enrol([enrolled(1)], experiment: "e")
    #expect(try writer.store.run(enrolled(1).id.rawValue).state == .queued)
  }

  @Test("keeps what a plan only has for others to start from apart, until it lists it")
  func sources() throws {
    let writer = try writer()
    var source = enrolled(1)
    source.isSource = true
    source.provenance.sources = [enrolled(9).id]
    try writer.enrol([source, enrolled(2)], experiment: "e")
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.spec.seed) == [2])
    #expect(try writer.store.sourceRuns(experiment: "e").map(\.spec.seed) == [1])
    #expect(try writer.store.sourceRuns(experiment: "e")[0].provenance.sources == [enrolled(9).id])
    #expect(try writer.store.status(of: "e").planned == 2)
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.spec.seed) == [1, 2])
    #expect(try writer.store.sourceRuns(experiment: "e").isEmpty)
    #expect(throws: StoreError.self) { try writer.store.sourceRuns(experiment: "none") }
  }

  @Test("gives up a run whose source failed, until it is planned again")
  func givenUp() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    try succeed(enrolled(2), writer)
    for run in [enrolled(1), enrolled(2)] { try writer.cancel(run.id) }
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.state) == [.cancelled, .succeeded])
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    #expect(try writer.store.frozenRuns(experiment: "e").map(\.state) == [.queued, .succeeded])
  }

  @Test("finds a run by the beginning of its id")
  func identity() throws {
    let writer = try writer()
    try writer.enrol([enrolled(0x12), enrolled(0x13)], experiment: "e")
    #expect(try writer.store.identity("12") == enrolled(0x12).id)
    #expect(throws: StoreError.ambiguousRun(text: "1", matches: 2)) {
      try writer.store.identity("1")
    }
    for text in ["9", "", "x%", "_"] {
      #expect(throws: StoreError.unknownRun(text: text)) { try writer.store.identity(text) }
    }
  }

  @Test("says which experiments there are when asked for another")
  func unknownExperiment() throws {
    let writer = try writer()
    try writer.enrol([], experiment: "glue")
    #expect(throws: StoreError.unknownExperiment(name: "gleu", known: ["glue"])) {
      try writer.store.frozenRuns(experiment: "gleu")
    }
  }

  @Test("reads an attempt whose process is gone as lost")
  func lost() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1)], experiment: "e")
    var process = ProcessIdentity.current
    process.startTime -= 1
    let attempt = try writer.begin(enrolled(1).id, process: process)
    #expect(try writer.store.runs()[0].state == .lost)
    #expect(try writer.openAttempts().map(\.number) == [attempt])
    try writer.lose(enrolled(1).id, attempt: attempt, cause: .orphaned, reason: "gone")
    #expect(try writer.store.runs()[0].state == .queued)
  }

  @Test("counts crashes that got no further, and forgets them after progress")
  func crashes() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1)], experiment: "e")
    func crash(at step: Int, _ cause: LossCause = .crashed) throws {
      let attempt = try writer.begin(enrolled(1).id, process: .current)
      _ = try writer.fold(
        enrolled(1).id, attempt: attempt,
        journal: journal(folder, "\(attempt)", [point(step, 1)]))
      try writer.lose(enrolled(1).id, attempt: attempt, cause: cause, reason: "signal 9")
    }
    for (step, count) in [(5, 0), (5, 1), (4, 2), (6, 0), (6, 1)] {
      try crash(at: step)
      #expect(try writer.crashRecord(enrolled(1).id).fruitless == count)
    }
    try crash(at: 2, .orphaned)
    #expect(try writer.crashRecord(enrolled(1).id).fruitless == 1)
    #expect(try writer.crashRecord(enrolled(1).id).farthestStep == 6)
  }

  @Test("answers one reading statement over its views")
  func query() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    try succeed(enrolled(2), writer)
    let table = try writer.store.query(
      """
      SELECT r.experiment, r.state, r.method, r.seed, r.seconds, s.metric, s.value
      FROM v_runs r JOIN v_scores s ON s.run = r.id WHERE split = 'test' ORDER BY s.metric
      """)
    #expect(
      table.columns == ["experiment", "state", "method", "seed", "seconds", "metric", "value"])
    #expect(
      table.rows == [
        [
          .string("e"), .string("succeeded"), .string("dept"), .integer(2), .number(12.5),
          .string("accuracy"), .number(0.5),
        ],
        [
          .string("e"), .string("succeeded"), .string("dept"), .integer(2), .number(12.5),
          .string("f1"), .number(0.25),
        ],
      ])
  }

  @Test(
    "refuses to be written to by a query",
    arguments: [
      "DELETE FROM run", "DROP TABLE run", "PRAGMA user_version = 3", "ATTACH 'x' AS y", "",
      "WITH x AS (SELECT 1) DELETE FROM run", "SELECT 1; DELETE FROM run", "VACUUM",
      "INSERT INTO run SELECT * FROM run", "EXPLAIN SELECT 1",
    ])
  func writingQuery(sql: String) throws {
    let writer = try writer()
    try writer.enrol([enrolled(1)], experiment: "e")
    for store in [writer.store, try RunStore(home: folder.path)] {
      #expect(throws: StoreError.self) { try store.query(sql) }
    }
    #expect(try writer.store.runs().count == 1)
  }

  @Test("names what is wrong with a query")
  func badQuery() throws {
    let store = try writer().store
    #expect {
      try store.query("SELECT wrong FROM v_runs")
    } throws: { "\($0)".contains("no such column: wrong") }
  }

  @Test("hides deleted runs until they are restored or planned again")
  func deletion() throws {
    let writer = try writer()
    let run = enrolled(1)
    try writer.enrol([run], experiment: "e")
    try writer.delete(run.id)
    #expect(try writer.store.runs().isEmpty)
    #expect(try writer.store.runs(deleted: true).count == 1)
    #expect(try writer.store.query("SELECT * FROM v_runs").rows.isEmpty)
    try writer.restore(run.id)
    #expect(try writer.store.runs().count == 1)
    try writer.delete(run.id)
    try writer.enrol([run], experiment: "e")
    #expect(try writer.store.runs().count == 1)
  }

  @Test("forgets results and points of a run that is reset")
  func reset() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1)], experiment: "e")
    try succeed(enrolled(1), writer)
    try writer.reset(enrolled(1).id)
    let run = try writer.store.run(enrolled(1).id.rawValue)
    #expect(run.state == .queued && run.summary == nil && run.curves.isEmpty && run.attempts == 1)
    try succeed(enrolled(1), writer)
    #expect(try writer.store.run(enrolled(1).id.rawValue).state == .succeeded)
  }

  @Test("keeps notes and tags")
  func annotations() throws {
    let writer = try writer()
    try writer.enrol([enrolled(1)], experiment: "e")
    // This is the writer, so the remarks wait in the inbox until it takes them.
    try Remark.note("odd", on: .run(enrolled(1).id)).record(home: folder.path)
    try Remark.note("good", on: .experiment("e")).record(home: folder.path)
    try Remark.tag(run: enrolled(1).id, name: "best").record(home: folder.path)
    #expect(try writer.store.notes(on: .experiment("e")).isEmpty)
    try writer.takeInbox()
    try writer.takeInbox()
    try writer.add([.tag(run: enrolled(1).id, name: "best")])
    #expect(try writer.store.notes(on: .experiment("e")).map(\.text) == ["good"])
    #expect(try writer.store.notes(on: .run(enrolled(1).id)).map(\.text) == ["odd"])
    #expect(try writer.store.tags(of: enrolled(1).id) == ["best"])
    #expect(throws: StoreError.unknownExperiment(name: "f", known: ["e"])) {
      try Remark.note("x", on: .experiment("f")).record(home: folder.path)
    }
  }

  @Test("counts the runs of an experiment by state")
  func status() throws {
    let writer = try writer()
    try writer.enrol((1...4).map { enrolled($0, steps: 50) }, experiment: "t")
    try succeed(enrolled(1), writer)
    let attempt = try writer.begin(enrolled(2).id, process: .current)
    _ = try writer.fold(
      enrolled(2).id, attempt: attempt, journal: journal(folder, "s", [point(7, 1)]))
    var gone = ProcessIdentity.current
    gone.bootID = "another"
    _ = try writer.begin(enrolled(3).id, process: gone)
    let status = try RunStore(home: folder.path).status(of: "t")
    #expect(status.planned == 4)
    #expect(
      status.counts == [
        .succeeded: 1, .running: 1, .lost: 1, .queued: 1, .failed: 0, .cancelled: 0, .pruned: 0,
      ])
    #expect(status.active.map(\.step) == [7])
    #expect(status.active.map(\.steps) == [50])
    #expect(status.scheduler == Int(getpid()))
  }
}
