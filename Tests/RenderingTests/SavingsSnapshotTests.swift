import Backbones
import Datasets
import Experiments
import Rendering
import Reports
import Testing
import Training

@Suite struct SavingsSnapshotTests {
  @Test("what methods save renders as recorded")
  func savings() throws {
    let report = Report {
      Note("# What does a shorter prompt save?")
      Savings(.stepTime, against: "pt", along: .promptLength)
      Savings(.peakMemory, against: "pt")
    }
    let document = try report.document(ResultSet(experiment: "efficiency", runs: Self.runs))
    try Snapshot.check(
      MarkdownRenderer(figures: .linked(folder: "figures")).render(document), named: "savings.md")
    try Snapshot.check(LaTeXRenderer().render(document), named: "savings.tex")
    let chart = try #require(SVGRenderer().render(document).first)
    #expect(chart.name == "saved-milliseconds-per-step-1.svg")
    try Snapshot.check(chart.svg, named: "saved-milliseconds-per-step-1.svg")
  }

  private static var runs: [FrozenRun] {
    ["length-256", "length-sst2"].flatMap { dataset in
      [("t5-small:random", 0.4), ("t5-base:random", 1.5)].flatMap { backbone, seconds in
        [0, 20, 60, 100].map { run($0, dataset, backbone, seconds) }
      }
    }
  }

  private static func run(
    _ length: Int, _ dataset: String, _ backbone: String, _ seconds: Double
  ) -> FrozenRun {
    var schedule = TrainingSchedule()
    schedule.timing = .training
    let method =
      length == 100
      ? MethodDescription(name: "pt", hyperparameters: ["length": .integer(100)])
      : MethodDescription(
        name: "dept",
        hyperparameters: ["promptLength": .integer(length), "rank": .integer((100 - length) / 2)])
    let tokens = Double(length + (dataset == "length-256" ? 256 : 17))
    var run = FrozenRun(
      id: RunID(rawValue: "\(backbone) \(dataset) \(length)"), experiment: "efficiency",
      spec: RunSpec(
        backbone: BackboneID(rawValue: backbone), dataset: .init(rawValue: dataset),
        method: method, schedule: schedule, seed: 1),
      state: .succeeded, attempts: 1, trainable: 51_200 + length, total: 60_000_000)
    run.summary = RunSummary(
      scores: [:], bestStep: 3, seconds: 9, peakBytes: Int(tokens * seconds) << 20)
    run.curves["train/seconds"] = (1...3).map { step in
      MetricPoint(
        step: step, name: "train/seconds",
        value: seconds * tokens / 356 + (step == 1 ? 5 : 0))
    }
    return run
  }
}
