import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing
import Training

@Suite("A list of runs")
struct RunListTests {
  private let folder: TemporaryFolder
  private let writer: StoreWriter

  init() throws {
    folder = try TemporaryFolder()
    writer = try StoreWriter(home: folder.path, purpose: "t")
  }

  /// Runs 1 to `count`, each with points and scores by its number; the last has failed.
  private func fill(_ count: Int) throws {
    try writer.enrol((1...count).map { enrolled($0) }, experiment: "e")
    for number in 1...count {
      let id = enrolled(number).id
      let attempt = try writer.begin(id, process: .current)
      let score = Double(number * 7 % 10) / 10
      let ending: RunEvent =
        number == count
        ? .failed(RunFailure(.memory, "too much", step: 2))
        : .succeeded(
          RunSummary(
            scores: [.test: ["accuracy": score, "squad-f1": score]], bestStep: number,
            seconds: 1.5, peakBytes: 7))
      _ = try writer.fold(
        id, attempt: attempt,
        journal: journal(
          folder, "\(number)",
          [
            point(1, 9 - score), point(2, score), point(1, score, "validation/accuracy"),
            point(2, score / 2, "validation/accuracy"), ending,
          ]))
    }
  }

  private func seeds(
    _ filter: String? = nil, by order: [RunListRequest.Order] = [], limit: Int? = nil
  ) throws -> [Int] {
    let filter = try filter.map { try RunFilter($0) }
    return try writer.store.list(RunListRequest(where: filter, by: order, limit: limit)).map(\.seed)
  }

  @Test("says of every field what reading the whole run says")
  func fields() throws {
    var runs = [enrolled(1), enrolled(2), enrolled(3), enrolled(4), enrolled(5)]
    runs[1].spec.preparation = Preparation(
      template: "{sentence1} \"and\" {sentence2}\n", labelWords: ["0": "né", "1": "yes"])
    runs[2].spec.datasets = ["rte", "sst2"]
    runs[2].spec.schedule.mixing = .standard
    runs[2].spec.schedule.dropout = 0.125
    runs[1].spec.schedule.epochs = 1.5
    runs[1].spec.schedule.earlyStopping = EarlyStopping(patience: 3, minimumGain: 0.5)
    runs[3].spec.method = MethodDescription(
      name: "lora",
      hyperparameters: [
        "sourceLength": .integer(3), "targets": .array([.string("q"), .string("v")]),
        "alpha": .number(1e-7), "nested": .object(["a": .null, "b": .bool(true)]),
        "text": .string("a \\ \"b\" \u{1F600}\t{]"),
      ])
    runs[3].spec.sources = [runs[0].spec]
    runs[3].provenance.sources = [runs[0].id]
    try writer.enrol(runs, experiment: "e")
    for run in runs.dropLast() {
      let attempt = try writer.begin(run.id, process: .current)
      let scores: RunEvent = .succeeded(
        RunSummary(
          scores: [.validation: ["accuracy": 0.5], .test: ["rte/accuracy": .nan, "mean": 1]],
          bestStep: 3, seconds: 2, peakBytes: 5))
      _ = try writer.fold(
        run.id, attempt: attempt, journal: journal(folder, run.id.short, [point(1, 1), scores]))
    }
    let whole = try writer.store.runs()
    let listed = try writer.store.list()
    #expect(listed.map(\.id) == whole.map(\.id))
    for (run, row) in zip(whole, listed) {
      #expect(Set(row.fieldNames).isSuperset(of: run.fieldNames))
      for name in run.fieldNames + ["nothing", "test.nothing", "dept.rank"] {
        let (expected, found) = (run.field(name), row.field(name))
        if case .number(let number)? = expected, number.isNaN { continue }
        #expect(
          found == expected
            || (expected?.scalar != nil && found?.scalar == expected?.scalar), "\(name)")
      }
    }
    #expect(listed[3].sources?.value == .array([.string(runs[0].id.rawValue)]))
  }

  @Test(
    "has the runs that a condition fits",
    arguments: [
      ("test.accuracy > 0.55", [1, 4, 7, 8]), ("best(validation/accuracy) in 0.1..0.2", [3, 6]),
      ("last(validation/accuracy) = 0.35", [1]), ("best(train/loss) < 0.15", [3, 10]),
      ("max(train/loss) >= 8.85", [3, 10]), ("min(train/loss) < 0.15", [3, 10]),
      ("state = failed", [10]), ("failure = memory", [10]), ("failure is not missing", [10]),
      ("seconds is missing", [10]), ("tag = best", [2, 4]), ("tag ~ be and seed > 2", [4]),
      ("tag is missing and seed <= 3", [1, 3]), ("tag != best and seed <= 4", [1, 3]),
      ("tag ~= '^b.st$'", [2, 4]), ("experiment = e and attempts = 1 and seed = 9", [9]),
      ("test.squad-f1 between 0.1 and 0.2", [3, 6]),
      ("rank = 45 and bestStep in (1...2, 7)", [1, 2, 7]),
    ])
  func filters(text: String, expected: [Int]) throws {
    try fill(10)
    try writer.add([
      .tag(run: enrolled(2).id, name: "best"), .tag(run: enrolled(4).id, name: "best"),
      .tag(run: enrolled(4).id, name: "odd"),
    ])
    #expect(try seeds(text) == expected)
  }

  @Test("is sorted by any field, what has none last, and cut")
  func order() throws {
    try fill(6)
    #expect(try seeds(by: [.init(field: "test.accuracy")]) == [3, 2, 5, 1, 4, 6])
    let best = RunListRequest.Order(field: "best(validation/accuracy)", isDescending: true)
    #expect(try seeds(by: [best], limit: 2) == [4, 1])
    #expect(try seeds(by: [.init(field: "seconds", isDescending: true)]) == [1, 2, 3, 4, 5, 6])
    #expect(try seeds("seed > 3", by: [.init(field: "seed", isDescending: true)], limit: 1) == [6])
    let one = try writer.store.list(
      RunListRequest(by: [best], limit: 1, shown: ["last(train/loss)"]))
    #expect(one[0].experiment == "e" && one[0].attempts == 1 && one[0].summary?.bestStep == 4)
    #expect(one[0].field("last(train/loss)") == .number(0.8))
  }

  @Test(
    "that asks for a field or a metric that no run has says so, with the nearest and the column")
  func unknown() throws {
    try fill(3)
    for (text, words) in [
      ("seed = 1 and rnak = 3", ["rnak", "column 14", "“rank”"]),
      (
        "best(validation/acuracy) > 1", ["validation/acuracy", "column 1", "“validation/accuracy”"]
      ),
    ] {
      #expect {
        try seeds(text)
      } throws: { error in words.allSatisfy { "\(error)".contains($0) } }
    }
    #expect {
      try seeds(by: [.init(field: "sed")])
    } throws: { "\($0)".contains("“seed”") && !"\($0)".contains("column") }
    // A field that some run could have, and none of these has.
    #expect(try seeds("test.f1 > 0").isEmpty)
  }

  @Test("has deleted runs apart, and says lost of one whose process is gone")
  func states() throws {
    try writer.enrol([enrolled(1), enrolled(2), enrolled(3)], experiment: "e")
    try writer.delete(enrolled(2).id)
    var gone = ProcessIdentity.current
    gone.startTime -= 1
    _ = try writer.begin(enrolled(3).id, process: gone)
    #expect(try writer.store.list().map(\.state) == [.queued, .lost])
    #expect(try seeds("state = lost") == [3])
    #expect(try writer.store.list(RunListRequest(deleted: true)).map(\.seed) == [2])
  }

  @Test("is empty for an empty store, whatever is asked")
  func empty() throws {
    #expect(try seeds("nothing = 1").isEmpty)
    #expect(try seeds(by: [.init(field: "nothing")], limit: 3).isEmpty)
  }

  @Test("knows groups: means and deviations over seeds, of the newest plan")
  func groups() throws {
    try fill(6)
    let table = try writer.store.query(
      """
      SELECT experiment, method, dataset, split, metric, n, mean, std, min, max, seeds
      FROM v_groups WHERE metric = 'accuracy'
      """)
    try #require(table.rows.count == 1)
    let row = table.rows[0]
    let scores = [0.7, 0.4, 0.1, 0.8, 0.5]
    let mean = scores.reduce(0, +) / 5
    let deviation = (scores.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4).squareRoot()
    #expect(row[5] == .integer(5))
    #expect(abs((row[6].scalar ?? 0) - mean) < 1e-12)
    #expect(abs((row[7].scalar ?? 0) - deviation) < 1e-12)
    #expect(row[8].scalar == 0.1 && row[9].scalar == 0.8)
    #expect(row[10] == .string("[1,2,3,4,5]"))
    try writer.enrol([enrolled(1)], experiment: "e")
    let one = try writer.store.query("SELECT n, std FROM v_groups WHERE metric = 'accuracy'")
    #expect(one.rows == [[.integer(1), .null]])
  }

  @Test("of deleted runs that nothing needs is what may be collected")
  func collectable() throws {
    var later = enrolled(4)
    later.provenance.sources = [enrolled(3).id]
    try writer.enrol((1...3).map { enrolled($0) } + [later], experiment: "e")
    for number in 1...3 { try writer.delete(enrolled(number).id) }
    #expect(try writer.store.collectable().isEmpty)
    try writer.enrol([enrolled(1), later], experiment: "e")
    for number in 1...3 { try writer.delete(enrolled(number).id) }
    // The first is wanted, the third is what a run starts from.
    #expect(try writer.store.collectable() == [enrolled(2).id])
    #expect(try writer.store.collectable(deletedBefore: .now.addingTimeInterval(-60)).isEmpty)
    try writer.purge(enrolled(2).id)
    try writer.forgetUnusedConfigurations()
    #expect(throws: StoreError.self) { try writer.store.identity(enrolled(2).id.rawValue) }
    #expect(try writer.store.list(RunListRequest(deleted: true)).map(\.seed) == [1, 3])
  }
}
