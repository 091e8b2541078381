import Backbones
import Datasets
import Experiments
import Foundation
import Training

/// What another tracker knows of a run, before it is told apart into what we call it.
struct RecordedRun {
  /// Hyperparameters, and whatever else was noted beside them.
  var parameters: [String: JSONValue] = [:]
  /// Other names and values, which are no hyperparameters.
  var labels: [String: String] = [:]
  /// The last value of every metric.
  var latest: [String: Double] = [:]
  var lastStep = 0
  /// What tells it from others where it has no parameters.
  var name = ""
  /// Seconds since 1970.
  var begin: Double?
  var end: Double?

  /// The run's description: backbone, data set, method and seed where parameters or labels have
  /// the names that people use for them, and all other parameters as hyperparameters.
  var spec: RunSpec {
    let backbone = text(
      "backbone", "model", "model_name", "model_name_or_path", "base_model",
      "base_model_name_or_path", "model_id", "arch")
    let dataset = text("dataset", "task", "task_name", "dataset_name", "data")
    let method = text("method", "peft_method", "peft_type", "tuning_method", "peft")
    let seed = integer("seed", "random_seed", "random_state", "data_seed")
    var schedule = TrainingSchedule()
    schedule.steps = max(integer("max_steps", "num_steps", "total_steps") ?? lastStep, 1)
    schedule.learningRate = number("learning_rate", "lr") ?? schedule.learningRate
    schedule.batchSize =
      integer("batch_size", "per_device_train_batch_size") ?? schedule.batchSize
    schedule.weightDecay = number("weight_decay") ?? schedule.weightDecay
    schedule.warmup = integer("warmup_steps") ?? schedule.warmup
    var own = schedule.take(parameters)
    own["backbone"] = nil
    own["dataset"] = nil
    own["method"] = nil
    if seed != nil { own["seed"] = nil }
    // What a run has anyway would hide a hyperparameter of the same name.
    for name in Self.fields {
      if let value = own.removeValue(forKey: name) { own["imported.\(name)"] = value }
    }
    if own.isEmpty, !name.isEmpty { own["run"] = .string(name) }
    return RunSpec(
      backbone: BackboneID(rawValue: backbone ?? "unknown"),
      dataset: DatasetID(rawValue: dataset ?? "unknown"),
      method: MethodDescription(name: method ?? "imported", hyperparameters: own),
      schedule: schedule, seed: seed ?? 0)
  }

  private static let fields = [
    "id", "experiment", "state", "attempts", "parameters", "seconds", "bestStep", "seed", "tasks",
    "sources",
  ]

  /// Final scores: the last values of metrics whose names say on which part they were measured.
  var scores: [Split: [String: Double]] {
    var scores: [Split: [String: Double]] = [.validation: [:], .test: [:]]
    // Those that we exported ourselves count before the last points of curves.
    let isOurs = latest.keys.contains { $0.hasPrefix("score/") }
    for (name, value) in latest where !isOurs || name.hasPrefix("score/") {
      guard let (split, metric) = Self.score(name) else { continue }
      scores[split, default: [:]][metric] = value
    }
    return scores
  }

  var summary: RunSummary {
    RunSummary(
      scores: scores, bestStep: lastStep,
      seconds: latest["run/seconds"]
        ?? max(0, (((end ?? 0) - (begin ?? end ?? 0)) * 1000).rounded() / 1000),
      peakBytes: Int(exactly: latest["run/peak_bytes"] ?? 0) ?? 0)
  }

  /// Whether a metric is what `dept export` wrote beside the curves.
  static func isResult(_ metric: String) -> Bool {
    metric.hasPrefix("score/")
      || ["run/parameters", "run/seconds", "run/peak_bytes"].contains(metric)
  }

  /// `(test, accuracy)` of `test/accuracy`, `test_accuracy`, `score/test/accuracy`, …
  static func score(_ name: String) -> (Split, String)? {
    let name = name.hasPrefix("score/") ? String(name.dropFirst(6)) : name
    let parts: [(String, Split)] = [
      ("validation", .validation), ("valid", .validation), ("val", .validation),
      ("eval", .validation), ("dev", .validation), ("test", .test),
    ]
    for (word, split) in parts {
      for separator in ["/", "_", "."] where name.hasPrefix(word + separator) {
        let metric = name.dropFirst(word.count + 1)
        if !metric.isEmpty { return (split, String(metric)) }
      }
    }
    return nil
  }

  // MARK: Finding parameters

  private func value(_ names: [String]) -> JSONValue? {
    for name in names {
      if let value = parameters[name] { return value }
    }
    for name in names {
      if let label = labels[name], !label.isEmpty { return ParameterText.value(label) }
    }
    return nil
  }

  private func text(_ names: String...) -> String? {
    value(names).map(\.plainText).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func integer(_ names: String...) -> Int? {
    if case .integer(let value)? = value(names) { value } else { nil }
  }

  private func number(_ names: String...) -> Double? {
    switch value(names) {
    case .integer(let value)?: Double(value)
    case .number(let value)?: value
    default: nil
    }
  }
}

extension TrainingSchedule {
  /// Takes the values that have the very name of a property and fit it; returns the others.
  fileprivate mutating func take(_ values: [String: JSONValue]) -> [String: JSONValue] {
    let names = Set(Mirror(reflecting: self).children.compactMap(\.label))
    var rest: [String: JSONValue] = [:]
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard names.contains(name), let schedule = replacing(name, by: value) else {
        rest[name] = value
        continue
      }
      self = schedule
    }
    return rest
  }

  private func replacing(_ name: String, by value: JSONValue) -> TrainingSchedule? {
    guard case .object(var members)? = try? JSONValue(encoding: self) else { return nil }
    members[name] = value
    guard let data = try? JSONEncoder().encode(JSONValue.object(members)) else { return nil }
    return try? JSONDecoder().decode(TrainingSchedule.self, from: data)
  }
}
