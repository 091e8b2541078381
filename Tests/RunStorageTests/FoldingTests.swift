import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing

@Suite("Folding a journal")
struct FoldingTests {
  private let folder: TemporaryFolder
  private let run = enrolled(1)

  init() throws { folder = try TemporaryFolder() }

  private func writer() throws -> StoreWriter {
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try writer.enrol([run], experiment: "e")
    return writer
  }

  private func curve(_ writer: StoreWriter, _ name: String = "train/loss") throws -> [MetricPoint] {
    try writer.store.run(run.id.rawValue).curves[name] ?? []
  }

  @Test("brings its points, and the record of the run at each moment")
  func record() throws {
    let writer = try writer()
    #expect(try writer.store.run(run.id.rawValue).state == .queued)
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(
      folder,
      [.started(RunStart(trainable: 7, total: 70, resumedFrom: 0)), point(1, 0.5), point(2, 0.25)])
    let folded = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(folded.events.count == 3)
    #expect(folded.lastStep == 2)
    #expect(folded.ending == nil)
    var frozen = try writer.store.run(run.id.rawValue)
    #expect(frozen.state == .running)
    #expect(frozen.trainable == 7 && frozen.total == 70)
    #expect(frozen.curves["train/loss"]?.map(\.value) == [0.5, 0.25])
    try journal(folder, [.succeeded(summary)])
    let end = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(end.ending == .succeeded(summary))
    frozen = try writer.store.run(run.id.rawValue)
    #expect(frozen.state == .succeeded)
    var expected = summary
    expected.lastStep = 2
    #expect(frozen.summary == expected)
    #expect(frozen.spec == run.spec)
    #expect(frozen.experiment == "e")
    #expect(!frozen.provenance.startedAt.isEmpty && !frozen.provenance.finishedAt.isEmpty)
  }

  @Test("twice changes nothing")
  func twice() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(folder, (1...1000).map { point($0, Double($0)) })
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
    let once = try curve(writer)
    #expect(try writer.fold(run.id, attempt: attempt, journal: path).events.isEmpty)
    #expect(try curve(writer) == once)
    #expect(once.map(\.step) == Array(1...1000))
  }

  @Test(
    "in pieces of any size gives the same curve",
    arguments: [1, 3, 100, 255, 256, 257, 700, 4095, 4096, 4097, 9000])
  func pieces(size: Int) throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let count = size < 100 ? 600 : 9000
    var path = ""
    for start in stride(from: 1, through: count, by: size) {
      let end = min(count, start + size - 1)
      path = try journal(folder, (start...end).map { point($0, 1 / Double($0)) })
      _ = try writer.fold(run.id, attempt: attempt, journal: path)
    }
    let points = try curve(writer)
    #expect(points.map(\.step) == Array(1...count))
    #expect(points.map(\.value) == (1...count).map { 1 / Double($0) })
  }

  @Test(
    "of a resumed attempt replaces the steps that it repeats",
    arguments: [(700, 500), (2000, 3), (257, 256), (100, 100), (1024, 0), (9000, 4096)])
  func resumed(reached: Int, checkpoint: Int) throws {
    let writer = try writer()
    let first = try writer.begin(run.id, process: .current)
    _ = try writer.fold(
      run.id, attempt: first, journal: journal(folder, "a", (1...reached).map { point($0, 1) }))
    try writer.lose(run.id, attempt: first, cause: .crashed, reason: "killed")
    let second = try writer.begin(run.id, process: .current)
    #expect(second == 2)
    let last = checkpoint + 900
    _ = try writer.fold(
      run.id, attempt: second,
      journal: journal(folder, "b", (checkpoint + 1...last).map { point($0, 2) }))
    let points = try curve(writer)
    #expect(points.map(\.step) == Array(1...max(reached, last)))
    #expect(
      points.map(\.value)
        == (1...max(reached, last)).map { $0 > checkpoint && $0 <= last ? 2 : 1 })
    let table = try writer.store.query(
      "SELECT count, last_step, last, min, max FROM v_metrics WHERE metric = 'train/loss'")
    #expect(
      table.rows == [
        [
          .integer(max(reached, last)), .integer(max(reached, last)),
          .number(last >= reached ? 2 : 1), .number(checkpoint > 0 || reached > last ? 1 : 2),
          .number(2),
        ]
      ])
  }

  @Test("keeps NaN and infinity, and leaves NaN out of minimum and maximum")
  func notFinite() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let values: [Double] = [1, .nan, .infinity, -3]
    let path = try journal(folder, values.enumerated().map { point($0.offset + 1, $0.element) })
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(try curve(writer)[1].value.isNaN)
    #expect(try curve(writer)[2].value == .infinity)
    try journal(folder, [.succeeded(summary)])
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(try curve(writer)[1].value.isNaN)
    #expect(try curve(writer)[3].value == -3)
    #expect(
      try writer.store.query("SELECT min, last_step FROM v_metrics").rows == [
        [.number(-3), .integer(4)]
      ])
  }

  @Test("takes all of a very long journal in, and hands on the newest of it")
  func long() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let count = 100_000
    let path = try journal(
      folder,
      [.started(RunStart(trainable: 7, total: 70, resumedFrom: 0))]
        + (1...count).map { point($0, Double($0)) } + [.checkpoint(step: count)])
    let folded = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(folded.events.count < 20_000)
    #expect(folded.events.contains(point(count, Double(count))))
    #expect(folded.events.last == .checkpoint(step: count))
    #expect(folded.lastStep == count)
    #expect(try curve(writer).map(\.step) == Array(1...count))
  }

  @Test("of several points for one step keeps the last")
  func repeatedSteps() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(folder, [point(2, 1), point(1, 5), point(2, 3), point(2, 4)])
    _ = try writer.fold(run.id, attempt: attempt, journal: path)
    #expect(try curve(writer).map(\.value) == [5, 4])
  }

  @Test("that stopped queues the run, one that failed keeps the reason")
  func endings() throws {
    let writer = try writer()
    let first = try writer.begin(run.id, process: .current)
    _ = try writer.fold(
      run.id, attempt: first, journal: journal(folder, "a", [point(1, 1), .stopped(step: 1)]))
    #expect(try writer.store.run(run.id.rawValue).state == .queued)
    let second = try writer.begin(run.id, process: .current)
    let failure = RunFailure(.diverged, "the loss is NaN", step: 2)
    _ = try writer.fold(
      run.id, attempt: second, journal: journal(folder, "b", [point(2, 1), .failed(failure)]))
    let frozen = try writer.store.run(run.id.rawValue)
    #expect(frozen.state == .failed)
    #expect(frozen.failure == failure)
    #expect(frozen.attempts == 2)
    #expect(try writer.openAttempts().isEmpty)
  }

  @Test("that is damaged says where, and takes nothing of that block")
  func damaged() throws {
    let writer = try writer()
    let attempt = try writer.begin(run.id, process: .current)
    let path = try journal(folder, [point(1, 1)])
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("nonsense\n".utf8))
    #expect {
      try writer.fold(run.id, attempt: attempt, journal: path)
    } throws: { "\($0)".contains("no event at byte") }
    #expect(try curve(writer).isEmpty)
  }

  @Test("takes many curves of many runs apart")
  func manyCurves() throws {
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    let runs = (0..<5).map { enrolled($0) }
    try writer.enrol(runs, experiment: "e")
    for (number, run) in runs.enumerated() {
      let attempt = try writer.begin(run.id, process: .current)
      let path = try journal(
        folder, "\(number)",
        (1...700).flatMap { step in
          [point(step, Double(number)), point(step, Double(-number), "validation/loss")]
        })
      _ = try writer.fold(run.id, attempt: attempt, journal: path)
    }
    for (number, run) in try writer.store.frozenRuns(experiment: "e").enumerated() {
      #expect(run.id == runs[number].id)
      #expect(run.curves["train/loss"]?.allSatisfy { $0.value == Double(number) } == true)
      #expect(run.curves["validation/loss"]?.count == 700)
    }
  }
}
