import Backbones
import Datasets
import Experiments
import Training

/// Runs made by hand for tests; scores are given in percent and recorded as fractions.
enum Sample {
  static func run(
    _ method: String = "dept", _ hyperparameters: [String: JSONValue] = [:],
    on dataset: String = "rte", backbone: BackboneID = .nano, seed: Int = 1,
    rate: Double = 0.3, lowRank: Double? = nil, fewShot: Int? = nil, test: Double? = 80,
    validation: Double? = nil, metric: String = "accuracy", state: RunState = .succeeded,
    curve: [Double] = [], trainable: Int = 76_800
  ) -> FrozenRun {
    var schedule = TrainingSchedule()
    schedule.learningRate = rate
    schedule.lowRankLearningRate = lowRank
    schedule.fewShot = fewShot
    let spec = RunSpec(
      backbone: backbone, dataset: DatasetID(rawValue: dataset),
      method: MethodDescription(name: method, hyperparameters: hyperparameters),
      schedule: schedule, seed: seed)
    let settings = hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
    let id = "\(method)\(settings)\(dataset)\(backbone)\(seed)\(rate)\(lowRank ?? 0)\(fewShot ?? 0)"
    var run = FrozenRun(
      id: RunID(rawValue: id), experiment: "sample", spec: spec, state: state, attempts: 1,
      trainable: trainable, total: 222_980_352)
    if state == .succeeded, let test {
      run.summary = RunSummary(
        scores: [
          .test: [metric: test / 100], .validation: [metric: (validation ?? test) / 100],
        ], bestStep: 10,
        seconds: 10 + Double(seed), trainingSeconds: 5 + Double(seed),
        peakBytes: 1_048_576 * (100 + seed))
    }
    if state == .failed { run.failure = RunFailure(.diverged, "the loss became NaN", step: 7) }
    if !curve.isEmpty {
      run.curves["validation/\(metric)"] = curve.enumerated().map {
        MetricPoint(step: ($0 + 1) * 10, name: "validation/\(metric)", value: $1 / 100)
      }
    }
    return run
  }

  static func results(_ runs: [FrozenRun]) -> ResultSet {
    ResultSet(experiment: "sample", runs: runs)
  }
}
