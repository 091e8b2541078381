import Experiments

/// What varies among the runs of a plan: fields with their values and how many runs have each.
struct PlanAxes {
  struct Axis: Encodable {
    var name: String
    var values: [Value]
  }

  struct Value: Encodable {
    var value: String
    var runs: Int
  }

  /// Backbone, data set and method always; other fields where they vary among the runs of a
  /// method, or from one method to another: what is not equal is seen. The rates and
  /// hyperparameters that methods have of their own are no difference.
  let axes: [Axis]

  init(_ specs: [RunSpec]) {
    let first = ["backbone", "dataset", "method"]
    let last = ["seed"]
    let others = Set(specs.flatMap(\.fieldNames)).subtracting(first + last).sorted()
    let byMethod = Dictionary(grouping: specs, by: \.method.name).values
    let own = Set(specs.flatMap(\.method.hyperparameters.keys))
      .union(["learningRate", "lowRankLearningRate"])
    axes = (first + others + last).compactMap { name in
      let isShared = !own.contains(name) && !name.contains(".")
      func values(_ specs: [RunSpec]) -> [Value] {
        Self.values(of: name, specs, isOptional: isShared)
      }
      let varies =
        byMethod.contains { values($0).count > 1 } || (isShared && values(specs).count > 1)
      guard varies || first.contains(name) else { return nil }
      return Axis(name: name, values: values(specs))
    }
  }

  /// In the order they appear in the plan, at last the runs without the field: where it belongs to
  /// the schedule, they have its default.
  private static func values(of name: String, _ specs: [RunSpec], isOptional: Bool) -> [Value] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for spec in specs {
      guard let value = spec.field(name)?.canonical else { continue }
      let text = value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value
      if counts[text] == nil { order.append(text) }
      counts[text, default: 0] += 1
    }
    let values = order.map { Value(value: $0, runs: counts[$0] ?? 0) }
    let others = specs.count - counts.values.reduce(0, +)
    return isOptional && others > 0 ? values + [Value(value: "default", runs: others)] : values
  }
}
