import Backbones
import Datasets
import Experiments
import Testing
import Training

@Suite("A condition on runs")
struct RunFilterTests {
  private func spec(_ method: String, seed: Int, rate: Double = 0.3) -> RunSpec {
    var schedule = TrainingSchedule()
    schedule.learningRate = rate
    return RunSpec(
      backbone: "t5-base", dataset: seed % 2 == 0 ? "mrpc" : "sst2",
      method: MethodDescription(name: method, hyperparameters: ["rank": .integer(seed * 10)]),
      schedule: schedule, seed: seed)
  }

  private var specs: [RunSpec] {
    (0..<4).map { spec("dept", seed: $0) } + (0..<4).map { spec("pt", seed: $0, rate: 0.5) }
  }

  @Test(
    "chooses what it says",
    arguments: [
      ("method = dept", 4), ("method == dept and seed <= 1", 2), ("method=dept, seed in (0, 3)", 2),
      ("method = pt or seed = 0", 5), ("not method = pt", 4), ("!(method = pt or seed = 0)", 3),
      ("learningRate >= 0.4", 4), ("rank > 15", 4), ("dataset ~ mr", 4), ("seed != 0", 6),
      ("method = \"dept\" && (seed = 1 || seed = 2)", 2), ("steps = 1000", 8), ("seed in (9)", 0),
      ("seed in 1...2", 4), ("seed in 1 ... 2", 4), ("seed in 0..<2", 4), ("seed in 2...", 4),
      ("seed in ...1", 4), ("learningRate in 1e-3..0.3", 4), ("seed in (0, 2...3)", 6),
      ("seed not in (0, 1)", 4), ("not seed in 1...2", 4), ("seed between 1 and 2", 4),
      ("seed between 1 and 2 and method = pt", 2), ("method ~= '^d.*t$'", 4),
      ("dataset ~= 'm(rpc|nli)'", 4), ("rank is missing", 0), ("rank is not missing", 8),
      ("fewShot is missing and seed = 1 or method = nothing", -1), ("method in 1...2", 0),
      ("tasks is missing", -1), ("dataset in ('mrpc', \"sst2\")", 8), ("seed in 3..1", 0),
      ("method != dept AND NOT seed IN (1)", 3), ("order = shuffled", 8),
      ("learningRate = 0.30", 4), ("'method' = dept or seed = 1", -1),
    ])
  func choice(text: String, count: Int) throws {
    if count < 0 {
      #expect(throws: RunFilterError.self) { try RunFilter(text).matching(specs) }
    } else {
      #expect(try RunFilter(text).matching(specs).count == count)
    }
  }

  @Test(
    "that cannot be read says what is wrong and in which column",
    arguments: [
      ("", "nothing more at column 1"), ("method", "nothing more at column 7"),
      ("method dept", "“dept” at column 8"), ("method = ", "nothing more"),
      ("(method = dept", "“)”"), ("method = dept)", "“)” at column 14"), ("= 3", "“=” at column 1"),
      ("seed in 3", "“(” or a range"), ("seed in 1...x", "“(” or a range"),
      ("bset(train/loss) = 1", "“bset” at column 1"), ("best(= 1", "a metric"),
      ("best(train/loss = 1", "“)”"), ("seed is 3", "“missing”"), ("seed between 1, 2", "“and”"),
      ("seed between a and b", "a number"), ("seed not 3", "“in”"),
      ("dataset ~= '('", "“(” at column 12, which is no regular expression"),
      ("seed in (1, )", "a value"), ("seed in (1 2)", "“2” at column 12"),
      ("method = 'dept", "quotation mark at column 10"),
      ("method = dept seed = 1", "“seed” at column 15"),
    ])
  func malformed(text: String, words: String) {
    #expect {
      try RunFilter(text)
    } throws: { "\($0)".contains(words) }
  }

  @Test("knows the summaries of a run's points, by the direction of the metric")
  func summaries() throws {
    var run = FrozenRun(id: RunID(rawValue: "a"), experiment: "e", spec: specs[0], state: .running)
    run.curves = [
      "train/loss": [3, 1, .nan, 2].enumerated().map {
        MetricPoint(step: $0 + 1, name: "train/loss", value: $1)
      },
      "validation/rte/accuracy": [0.5, 0.75, 0.25].enumerated().map {
        MetricPoint(step: $0 + 1, name: "validation/rte/accuracy", value: $1)
      },
    ]
    for (text, fits) in [
      ("best(train/loss) = 1", true), ("last(train/loss) = 2", true),
      ("max(train/loss) = 3", true), ("best(validation/rte/accuracy) = 0.75", true),
      ("min(validation/rte/accuracy) = 0.25", true), ("last(validation/rte/accuracy) < 0.2", false),
      ("best(validation/f1) > 0", false), ("best(validation/f1) is missing", true),
      ("best( train/loss ) in 0...1", true),
    ] {
      #expect(try RunFilter(text).matching([run]).isEmpty == !fits, "\(text)")
    }
    // A plan has no points to go by.
    #expect(throws: RunFilterError.self) { try RunFilter("best(train/loss) < 1").matching(specs) }
  }

  @Test("that names a field no run has lists the fields there are")
  func unknownField() throws {
    let filter = try RunFilter("rnak = 3")
    #expect {
      try filter.matching(specs)
    } throws: { "\($0)".contains("“rnak” (column 1") && "\($0)".contains("did you mean “rank”") }
  }
}
