import Datasets
import DeptTesting
import Experiments
import Foundation
import Testing

@Suite("A journal")
struct JournalTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/attempt-1.journal" }

  init() throws { folder = try TemporaryFolder() }

  private let events: [RunEvent] = [
    .started(RunStart(trainable: 76_800, total: 1 << 40, resumedFrom: 0)),
    .metric(MetricPoint(step: 1, name: "train/loss", value: 0.1)),
    .metric(MetricPoint(step: 2, name: "train/loss", value: 3)),
    .metric(MetricPoint(step: 3, name: "odd \"name\" \\ ü\n", value: -1e-300)),
    .metric(MetricPoint(step: 4, name: "train/loss", value: .infinity)),
    .metric(MetricPoint(step: -5, name: "a", value: -0.0)),
    .checkpoint(step: 4),
    .succeeded(
      RunSummary(
        scores: [.test: ["accuracy": 0.5, "f1": .infinity]], bestStep: 4, seconds: 1.5,
        peakBytes: 1)),
    .failed(RunFailure(.diverged, "NaN, “quoted”", step: 3)),
    .stopped(step: 9),
  ]

  @Test("gives back what was appended to it, event by event")
  func roundTrip() throws {
    let journal = try Journal(path: path)
    for event in events { try journal.append(event) }
    var reader = JournalReader(path: path)
    #expect(try reader.next() == events)
    #expect(try reader.next().isEmpty)
  }

  @Test("is one JSON object with sorted keys a line")
  func layout() throws {
    let journal = try Journal(path: path)
    try journal.append(.metric(MetricPoint(step: 12, name: "train/loss", value: 0.25)))
    try journal.append(.metric(MetricPoint(step: 13, name: "train/loss", value: 2)))
    journal.close()
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == """
        {"metric":{"_0":{"name":"train/loss","step":12,"value":0.25}}}
        {"metric":{"_0":{"name":"train/loss","step":13,"value":2}}}

        """)
  }

  @Test("keeps a NaN")
  func notANumber() throws {
    try Journal(path: path).append(.metric(MetricPoint(step: 1, name: "a", value: .nan)))
    var reader = JournalReader(path: path)
    guard case .metric(let point)? = try reader.next().first else {
      Issue.record("the point is gone")
      return
    }
    #expect(point.value.isNaN)
  }

  @Test("gives every number back bit for bit", arguments: [1, 2, 3])
  func numbers(seed: UInt64) throws {
    var state = seed
    let journal = try Journal(path: path)
    var written: [RunEvent] = []
    for step in 1...2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      written.append(
        .metric(MetricPoint(step: step, name: "v", value: value.isFinite ? value : 0)))
    }
    for event in written { try journal.append(event) }
    var reader = JournalReader(path: path)
    #expect(try reader.next() == written)
  }

  @Test("is read on from where the last look ended, in blocks of any size")
  func blocks() throws {
    let journal = try Journal(path: path)
    for event in events { try journal.append(event) }
    var reader = JournalReader(path: path)
    var found: [RunEvent] = []
    while true {
      let next = try reader.next(limit: 64)
      if next.isEmpty { break }
      found += next
      reader = JournalReader(path: path, from: reader.offset)
    }
    #expect(found == events)
  }

  @Test("leaves a torn last line alone while reading, and cuts it when opened again")
  func tornLine() throws {
    try Journal(path: path).append(.checkpoint(step: 1))
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for cut in 0..<40 {
      let torn = Data(#"{"metric":{"_0":{"name":"train/loss","step":2"#.utf8.prefix(cut))
      try (whole + torn).write(to: URL(fileURLWithPath: path))
      var reader = JournalReader(path: path)
      #expect(try reader.next() == [.checkpoint(step: 1)])
      #expect(try reader.next().isEmpty)
      #expect(reader.offset == whole.count)
      try Journal(path: path).append(.stopped(step: 2))
      #expect(try reader.next() == [.stopped(step: 2)])
    }
  }

  @Test("that does not exist yet has no events")
  func missing() throws {
    var reader = JournalReader(path: path)
    #expect(try reader.next().isEmpty)
  }

  @Test(
    "with a complete line that is no event says where it is",
    arguments: [
      "nonsense", #"{"metric":{"_0":{"name":"a","step":1,"value":}}}"#, #"{"metric":{}}"#, "",
      "null",
      #"{"metric":{"_0":{"name":"a","step":99999999999999999999,"value":1}}}"#,
    ])
  func malformed(line: String) throws {
    try Journal(path: path).append(.checkpoint(step: 1))
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try (whole + Data("\(line)\n".utf8)).write(to: URL(fileURLWithPath: path))
    #expect(
      throws: JournalError.malformed(path: path, byte: whole.count, text: String(line.prefix(40)))
    ) {
      var reader = JournalReader(path: path)
      _ = try reader.next()
    }
  }

  @Test("in a folder that is missing cannot be opened, and says so in one sentence")
  func noFolder() {
    #expect {
      _ = try Journal(path: folder.path + "/none/attempt-1.journal")
    } throws: { error in
      "\(error)".contains("cannot open the journal") && "\(error)".contains("No such file")
    }
  }
}
