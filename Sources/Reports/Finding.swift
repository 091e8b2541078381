import Documents
import Experiments

/// What the runs of a cell amount to.
enum Finding: Sendable {
  case score(Scores)
  /// Every run that ended failed.
  case failed([FrozenRun])
  case missing

  /// A number per seed.
  struct Scores: Sendable {
    var seeds: [Replicate]
    var values: [Double]
    /// The mean: of the values, or of several tasks' means where their seeds do not pair up.
    var mean: Double
    /// Whether the values are replicates that may be said to deviate.
    var replicated = true
    /// Runs of the same cell that failed.
    var failures: [FrozenRun] = []
  }

  /// What `quantity` is over the runs of one configuration.
  init(of runs: [FrozenRun], _ quantity: Quantity, metrics: HeadlineMetrics) {
    var seeds: [Replicate] = []
    var values: [Double] = []
    for run in runs where run.state == .succeeded {
      guard let value = quantity.value(run, metrics), value.isFinite else { continue }
      seeds.append(Replicate(run.spec))
      values.append(value)
    }
    let failures = runs.filter { $0.state == .failed }
    if !values.isEmpty {
      self = .score(Scores(seeds: seeds, values: values, mean: values.mean, failures: failures))
    } else if !failures.isEmpty {
      self = .failed(failures)
    } else {
      self = .missing
    }
  }

  /// The average over tasks: within each seed first, then over seeds.
  ///
  /// Deviations are never averaged. Where the tasks do not share their seeds there is a mean of
  /// means, and no deviation; where a task has no score there is no average.
  static func average(of findings: [Finding]) -> Finding {
    var tasks: [Scores] = []
    for finding in findings {
      guard case .score(let scores) = finding else { return .missing }
      tasks.append(scores)
    }
    guard let first = tasks.first else { return .missing }
    guard tasks.count > 1 else { return .score(first) }
    guard tasks.allSatisfy({ $0.replicated && $0.seeds == first.seeds }) else {
      let mean = tasks.map(\.mean).mean
      let fewest = tasks.map(\.values.count).min() ?? 0
      return .score(
        Scores(
          seeds: Array(repeating: Replicate(seed: 0), count: fewest),
          values: Array(repeating: mean, count: fewest),
          mean: mean, replicated: false))
    }
    let values = first.values.indices.map { index in tasks.map { $0.values[index] }.mean }
    return .score(Scores(seeds: first.seeds, values: values, mean: values.mean))
  }
}

extension Finding.Scores {
  /// The scores as a cell prints them.
  func statistic(_ spread: Spread, decimals: Int) -> Statistic {
    Statistic(
      mean: mean, deviation: replicated ? spread.deviation(values) : nil, count: values.count,
      decimals: decimals)
  }
}
