import Backbones
import Datasets
import Documents
import Experiments
import Reports
import Training

/// A fixed experiment with every situation a report has to show.
enum SampleDocument {
  static let note = """
    # Are two learning rates needed?

    One rate for the prompt, a smaller one for the *low-rank pair* (`A`, `B`).

    - [the paper](https://arxiv.org/abs/2309.05173)
    - ~~a guess~~ 100 % measured

    | k | v |
    |---|---|
    | a | b |
    """

  static var document: Document {
    get throws { try report.document(results) }
  }

  static var report: Report {
    Report {
      Note(note)
      Heading("Results")
      PivotTable(
        rows: .method, .learningRates, columns: .dataset, cell: .test,
        references: [
          .majorityClass(["sst2": 50.9, "rte": 52.7]),
          Reference("Quoted", scores: ["rte": 79.1], citation: "Shi & Lipani, 2024"),
        ])
      LearningCurve(.validation, groupedBy: .method)
      LearningCurve(.trainLoss, groupedBy: .method)
      CostTable(rows: .method)
      ParameterCount()
      Provenance()
    }
  }

  static var results: ResultSet {
    var runs: [FrozenRun] = []
    for (place, dataset) in ["sst2", "rte"].enumerated() {
      for (index, method) in methods.enumerated() {
        for seed in 1...3 { runs.append(run(dataset, place, method, index, seed)) }
      }
    }
    return ResultSet(experiment: "two-rates", runs: runs)
  }

  private static let methods: [(MethodDescription, Double, Double?)] = [
    (MethodDescription(name: "ft", hyperparameters: [:]), 3e-4, nil),
    (MethodDescription(name: "pt", hyperparameters: ["length": .integer(20)]), 0.3, nil),
    (
      MethodDescription(
        name: "dept", hyperparameters: ["promptLength": .integer(10), "rank": .integer(8)]), 0.3,
      5e-4
    ),
  ]

  private static func run(
    _ dataset: String, _ place: Int, _ method: (MethodDescription, Double, Double?), _ index: Int,
    _ seed: Int
  ) -> FrozenRun {
    var schedule = TrainingSchedule()
    schedule.steps = 1000
    schedule.learningRate = method.1
    schedule.lowRankLearningRate = method.2
    schedule.dropout = 0.1
    let spec = RunSpec(
      backbone: .nano, dataset: DatasetID(rawValue: dataset), method: method.0,
      schedule: schedule, seed: seed)
    let digits = "\(place)\(index)\(seed)"
    var run = FrozenRun(
      id: RunID(rawValue: String(repeating: digits, count: 21) + "f"), experiment: "two-rates",
      spec: spec, state: .succeeded, attempts: 1, trainable: index == 0 ? 2_412_544 : 2_560,
      total: 2_415_104)
    run.provenance.version = "0.1.0"
    run.provenance.machine = "Linux, 2 threads"
    run.provenance.dataDigest = "7c1e55aa0\(place)b0cd44aa"
    run.provenance.commit = "4ffabb3+"
    run.provenance.startedAt = "2026-11-23T22:\(place)\(index):0\(seed)Z"
    run.provenance.finishedAt = "2026-11-23T22:\(place)\(index):3\(seed)Z"
    let top = 70.0 + Double(place * 10 + index * 3) + Double(seed * seed) * 0.15
    run.summary = RunSummary(
      scores: [.test: ["accuracy": top / 100], .validation: ["accuracy": (top + 1) / 100]],
      bestStep: 900,
      seconds: 12.5 + Double(seed) - Double(index), peakBytes: 180_000_000 - index * 9_000_000)
    run.curves["validation/accuracy"] = (1...10).map { step in
      MetricPoint(
        step: step * 100, name: "validation/accuracy",
        value: 0.5 + (top - 50) / 100 * Double(step) / Double(step + 1))
    }
    run.curves["train/loss"] = (1...1000).map { step in
      MetricPoint(
        step: step, name: "train/loss",
        value: 0.2 + 100 / Double(step + 40 + seed) + Double(step % 7) * 0.01)
    }
    spoil(&run, place, index, seed)
    return run
  }

  /// One run failed, three are still queued.
  private static func spoil(_ run: inout FrozenRun, _ place: Int, _ index: Int, _ seed: Int) {
    if place == 0, index == 1, seed == 3 {
      run.state = .failed
      run.summary = nil
      run.failure = RunFailure(.diverged, "the loss became NaN", step: 412)
    }
    if place == 1, index == 0 {
      run.state = .queued
      run.summary = nil
      run.curves = [:]
      run.trainable = 0
    }
  }
}
