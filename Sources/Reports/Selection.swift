import Datasets
import Evaluation
import Experiments
import Training

/// The runs of one configuration, chosen among the configurations that share a table's cell.
///
/// A configuration is everything but the seed. Where several lie in one cell, the one with the
/// best mean score on validation stands for it; the first of the plan wins a tie.
struct Selection: Sendable {
  /// The chosen configuration's runs, by seed.
  var runs: [FrozenRun] = []
  /// How many configurations there were to choose from.
  var tried = 0

  init(among runs: [FrozenRun], metrics: HeadlineMetrics) {
    let configurations = runs.configurations
    tried = configurations.count
    var best: (score: Double, runs: [FrozenRun])?
    for configuration in configurations {
      let scores = configuration.compactMap { Self.score($0, metrics) }.filter(\.isFinite)
      guard !scores.isEmpty else { continue }
      let score = scores.mean
      if let leader = best, leader.score >= score { continue }
      best = (score, configuration)
    }
    self.runs = best?.runs ?? configurations.first ?? []
  }

  /// What a run is judged by: the data set's selection metric on validation.
  private static func score(_ run: FrozenRun, _ metrics: HeadlineMetrics) -> Double? {
    guard let scores = run.summary?.scores[.validation] else { return nil }
    let metric = metrics.selectionMetric(for: run.spec.dataset, measured: scores.keys)
    return metric.flatMap { scores[$0.rawValue] }
  }
}

extension [FrozenRun] {
  /// Runs that differ in nothing but their seeds, those of few-shot draws and of their sources
  /// included, by seed; in the order of first appearance.
  var configurations: [[FrozenRun]] {
    var order: [RunSpec] = []
    var members: [RunSpec: [FrozenRun]] = [:]
    for run in self {
      let spec = run.spec.mapped {
        $0.seed = 0
        $0.schedule.fewShotSeed = nil
      }
      if members[spec] == nil { order.append(spec) }
      members[spec, default: []].append(run)
    }
    return order.map { spec in
      (members[spec] ?? []).sorted { a, b in
        let (first, second) = (Replicate(a.spec), Replicate(b.spec))
        return first == second ? a.id < b.id : first < second
      }
    }
  }

  /// The distinct values of a property, in order of first appearance.
  func distinct<Value: Hashable>(_ value: (FrozenRun) -> Value) -> [Value] {
    var seen: Set<Value> = []
    return compactMap { run in
      let found = value(run)
      return seen.insert(found).inserted ? found : nil
    }
  }
}
