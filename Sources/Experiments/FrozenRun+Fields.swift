import Backbones
import Datasets
import Foundation
import Training

extension RunSpec {
  /// What a filter calls `name`: `backbone`, `dataset`, `method`, `seed`, a property of the
  /// schedule, or a hyperparameter of the method; of a multi-task run `tasks`, their number; of one
  /// that starts from others `sources`, their names; `nil` where the run has no such field.
  public func field(_ name: String) -> JSONValue? {
    switch name {
    case "backbone": .string(backbone.rawValue)
    case "dataset": .string(dataset.rawValue)
    case "method": .string(method.name)
    case "seed": .integer(seed)
    case "tasks": datasets.count > 1 ? .integer(datasets.count) : nil
    case "sources":
      sources.isEmpty ? nil : .string(sources.map(\.name).joined(separator: "; "))
    default: otherField(name)
    }
  }

  /// Every field this run has, sorted.
  public var fieldNames: [String] { fields.keys.sorted() }

  /// Every field this run has with its value.
  package var fields: [String: JSONValue] {
    let schedule = scheduleFields
    var fields = schedule
    fields.merge(hyperparameterFields(beside: schedule)) { $1 }
    fields.merge(preparationFields) { $1 }
    for name in ["backbone", "dataset", "method", "seed", "tasks", "sources"] {
      fields[name] = field(name)
    }
    return fields
  }

  private func otherField(_ name: String) -> JSONValue? {
    if let value = preparationFields[name] { return value }
    let schedule = scheduleFields
    return schedule[name] ?? hyperparameterFields(beside: schedule)[name]
  }

  /// How examples are worded, where that is not as the data set has it.
  private var preparationFields: [String: JSONValue] {
    guard preparation != .standard,
      case .object(var members)? = try? JSONValue(encoding: preparation)
    else { return [:] }
    if let words = preparation.labelWords {
      members["labelWords"] = .string(
        words.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))
    }
    return members
  }

  /// One that is named like a property of the schedule has the method's name before its own:
  /// `dept.sourceLength`.
  private func hyperparameterFields(beside taken: [String: JSONValue]) -> [String: JSONValue] {
    // What an import brought may have the longer name as well.
    Dictionary(
      method.hyperparameters.sorted { $0.key < $1.key }.map { name, value in
        (taken[name] == nil ? name : "\(method.name).\(name)", value)
      }, uniquingKeysWith: { first, _ in first })
  }

  private var scheduleFields: [String: JSONValue] {
    guard case .object(var members)? = try? JSONValue(encoding: schedule) else { return [:] }
    // In the words that people know it by.
    if let rule = schedule.earlyStopping {
      members["earlyStopping"] = .integer(rule.patience)
      members["minimumGain"] = .number(rule.minimumGain)
    }
    if let mixing = schedule.mixing { members["mixing"] = .string("\(mixing)") }
    return members
  }
}

extension FrozenRun {
  /// What a filter calls `name`: the fields of the specification, `id`, `experiment`, `state`,
  /// `attempts`, `parameters`, `seconds`, `bestStep`, `failure`, a score such as `test.accuracy`,
  /// or a summary of its points, where they were read, such as `best(validation/accuracy)`.
  public func field(_ name: String) -> JSONValue? {
    switch name {
    case "id": return .string(id.rawValue)
    case "experiment": return .string(experiment)
    case "state": return .string(state.rawValue)
    case "attempts": return .integer(attempts)
    case "parameters": return .integer(trainable)
    case "seconds": return summary.map { .number($0.seconds) }
    case "bestStep": return summary.map { .integer($0.bestStep) }
    case "failure": return failure.map { .string($0.kind.rawValue) }
    default: break
    }
    if let (summary, metric) = PointSummary.parse(name) {
      let values = (curves[metric] ?? []).map(\.value)
      let ordered = values.filter { !$0.isNaN }
      return summary.value(
        of: metric, last: values.last, min: ordered.min(), max: ordered.max()
      ).map { .number($0) }
    }
    for (split, scores) in summary?.scores ?? [:] where name.hasPrefix(split.rawValue + ".") {
      if let score = scores[String(name.dropFirst(split.rawValue.count + 1))] {
        return .number(score)
      }
    }
    return spec.field(name)
  }

  /// Every field this run has, sorted.
  public var fieldNames: [String] {
    let scores = (summary?.scores ?? [:]).flatMap { split, scores in
      scores.keys.map { "\(split.rawValue).\($0)" }
    }
    return
      (["id", "experiment", "state", "attempts", "parameters", "seconds", "bestStep"]
      + (failure == nil ? [] : ["failure"]) + spec.fieldNames + scores).sorted()
  }
}

extension RunFilter {
  /// The runs that fit, in their order.
  ///
  /// - Throws: `unknownField` where a field of the condition belongs to none of the runs.
  public func matching(_ runs: [FrozenRun]) throws(RunFilterError) -> [FrozenRun] {
    try check(runs.lazy.map(\.fieldNames), mayHaveScores: true)
    return runs.filter { run in matches(run.field) }
  }

  /// The specifications that fit, in their order.
  public func matching(_ specs: [RunSpec]) throws(RunFilterError) -> [RunSpec] {
    try check(specs.lazy.map(\.fieldNames), mayHaveScores: false)
    return specs.filter { spec in matches(spec.field) }
  }

  private func check(
    _ names: some Sequence<[String]>, mayHaveScores: Bool
  ) throws(RunFilterError) {
    var known: Set<String> = []
    for names in names { known.formUnion(names) }
    // Scores and results exist only once a run is done, and no run at all has none.
    guard !known.isEmpty else { return }
    for (field, column) in places where !known.contains(field) {
      if mayHaveScores, field.contains(".") || PointSummary.parse(field) != nil { continue }
      throw .unknownField(field, column: column, known: known.sorted())
    }
  }
}
