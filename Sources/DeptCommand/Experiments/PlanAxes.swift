import Experiments

/// What varies among the runs of a plan: fields with their values and how many runs have each.
struct PlanAxes: Sendable {
  struct Axis: Encodable, Sendable {
    var name: String
    var values: [Value]
  }

  struct Value: Encodable, Sendable {
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
    let table = FieldCounts(specs)
    let others = table.names.subtracting(first + last).sorted()
    axes = (first + others + last).compactMap { name in
      let isShared = !table.own.contains(name) && !name.contains(".")
      let varies =
        table.methods.contains { table.values(of: name, in: $0, isOptional: isShared).count > 1 }
        || (isShared && table.values(of: name, isOptional: isShared).count > 1)
      guard varies || first.contains(name) else { return nil }
      return Axis(name: name, values: table.values(of: name, isOptional: isShared))
    }
  }
}

/// How many runs have each value of each field, counted by the pieces that runs share.
private struct FieldCounts {
  private struct Cell: Hashable {
    var name: String
    var method: String
  }
  private typealias Values = [String: (first: Int, runs: Int)]

  private(set) var names: Set<String> = []
  /// Rates and hyperparameters, which methods have of their own.
  private(set) var own: Set<String> = ["learningRate", "lowRankLearningRate"]
  /// The names of the methods, and how many runs each has.
  private var runsOfMethod: [String: Int] = [:]
  private var cells: [Cell: Values] = [:]

  var methods: [String] { runsOfMethod.keys.sorted() }

  init(_ specs: [RunSpec]) {
    // Runs with the same pieces have the same fields, whatever their seeds.
    var pieces = SpecPieces()
    var groups: [SpecPieces.Row: (first: Int, runs: Int)] = [:]
    var seeds: [String: [Int: (first: Int, runs: Int)]] = [:]
    for (place, spec) in specs.enumerated() {
      var row = pieces.row(of: spec)
      seeds[spec.method.name, default: [:]][row.seed, default: (place, 0)].runs += 1
      row.seed = 0
      groups[row, default: (place, 0)].runs += 1
    }
    for group in groups.values {
      let spec = specs[group.first]
      runsOfMethod[spec.method.name, default: 0] += group.runs
      own.formUnion(spec.method.hyperparameters.keys)
      for (name, value) in spec.fields where name != "seed" {
        add(name, spec.method.name, Self.text(value), group)
      }
    }
    for (method, seeds) in seeds {
      for (seed, count) in seeds { add("seed", method, "\(seed)", count) }
    }
  }

  private mutating func add(
    _ name: String, _ method: String, _ value: String, _ count: (first: Int, runs: Int)
  ) {
    names.insert(name)
    var known = cells[Cell(name: name, method: method), default: [:]][value] ?? (count.first, 0)
    known = (min(known.first, count.first), known.runs + count.runs)
    cells[Cell(name: name, method: method), default: [:]][value] = known
  }

  private static func text(_ value: JSONValue) -> String {
    let text = value.canonical
    return text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
  }

  /// In the order they appear in the plan, at last the runs without the field: where it belongs to
  /// the schedule, they have its default.
  ///
  /// - Parameter method: whose runs count; `nil`: those of all.
  func values(of name: String, in method: String? = nil, isOptional: Bool) -> [PlanAxes.Value] {
    let methods = method.map { [$0] } ?? methods
    var merged: Values = [:]
    for method in methods {
      merged.merge(cells[Cell(name: name, method: method)] ?? [:]) {
        (min($0.first, $1.first), $0.runs + $1.runs)
      }
    }
    let values = merged.sorted { $0.value.first < $1.value.first }
      .map { PlanAxes.Value(value: $0.key, runs: $0.value.runs) }
    let all = methods.reduce(0) { $0 + (runsOfMethod[$1] ?? 0) }
    let others = all - values.reduce(0) { $0 + $1.runs }
    return isOptional && others > 0
      ? values + [PlanAxes.Value(value: "default", runs: others)] : values
  }
}
