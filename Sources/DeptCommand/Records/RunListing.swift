import Backbones
import Datasets
import Experiments

/// A run as `dept runs list --json` shows it: its keys are a promise.
struct RunListing: Encodable {
  let run: FrozenRun

  private enum Key: String, CodingKey {
    case id, experiment, state, backbone, method, dataset, seed, hyperparameters, scores
    case parameters, seconds, datasets, tasks, sources, preparation
    case peakBytes = "peak_bytes"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(run.id, forKey: .id)
    try container.encode(run.experiment, forKey: .experiment)
    try container.encode(run.state, forKey: .state)
    try container.encode(run.spec.backbone, forKey: .backbone)
    try container.encode(run.spec.method.name, forKey: .method)
    try container.encode(run.spec.dataset, forKey: .dataset)
    try container.encode(run.spec.seed, forKey: .seed)
    try container.encode(run.spec.method.hyperparameters, forKey: .hyperparameters)
    let scores = run.summary?.scores ?? [:]
    try container.encode(
      ["validation": scores[.validation] ?? [:], "test": scores[.test] ?? [:]], forKey: .scores)
    try container.encode(run.trainable, forKey: .parameters)
    try container.encode(run.summary?.seconds, forKey: .seconds)
    try container.encode(run.summary?.peakBytes, forKey: .peakBytes)
    // Only of runs that have them: scores are then `sst2/accuracy` for each task, and `mean`.
    if run.spec.datasets.count > 1 {
      try container.encode(run.spec.datasets, forKey: .datasets)
      try container.encode(run.spec.datasets.count, forKey: .tasks)
    }
    if run.spec.preparation != .standard {
      try container.encode(run.spec.preparation, forKey: .preparation)
    }
    try container.encodeIfPresent(run.provenance.sources, forKey: .sources)
  }

  /// The same as cells for a table.
  static let columns = [
    "id", "experiment", "state", "backbone", "method", "dataset", "seed", "hyperparameters",
    "validation", "test", "parameters", "seconds",
  ]

  var cells: [String] {
    func scores(_ split: Split) -> String {
      (run.summary?.scores[split] ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key)=\(Self.rounded($0.value))" }.joined(separator: " ")
    }
    return [
      run.id.short, run.experiment, run.state.rawValue, run.spec.backbone.rawValue,
      run.spec.method.name, run.spec.dataset.rawValue, String(run.spec.seed),
      run.spec.method.hyperparameters.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value.plainText)" }.joined(separator: " "),
      scores(.validation), scores(.test), run.trainable > 0 ? String(run.trainable) : "",
      run.summary.map { Self.rounded($0.seconds) } ?? "",
    ]
  }

  static func rounded(_ value: Double) -> String {
    let text = String((value * 10_000).rounded() / 10_000)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
