import Datasets
import Experiments
import Training

extension [FrozenRun] {
  /// The runs, with one in the place of a multi-task run for each of its tasks: as if it had been
  /// judged on that alone, under the names that its metrics have there. Identity, parameters and
  /// times stay those of the whole.
  var byTask: [FrozenRun] {
    guard contains(where: { $0.spec.datasets.count > 1 }) else { return self }
    return flatMap { run in
      guard run.spec.datasets.count > 1 else { return [run] }
      return run.spec.datasets.map { run.judged(on: $0) }
    }
  }
}

extension FrozenRun {
  fileprivate func judged(on task: DatasetID) -> FrozenRun {
    var run = self
    run.spec.together = spec.datasets
    run.spec.datasets = [task]
    run.summary?.scores = (summary?.scores ?? [:]).mapValues {
      TaskScores.scores(of: task.rawValue, in: $0)
    }
    let prefix = "validation/\(task)/"
    for (name, points) in curves where name.hasPrefix(prefix) {
      let metric = name.dropFirst(prefix.count)
      if !metric.contains("/") { run.curves["validation/\(metric)"] = points }
    }
    return run
  }
}
