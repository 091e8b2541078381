import Experiments
import Scheduling

/// The names of a plan's runs for people, each with what tells it from others of the same name:
/// `lora on rte, seed 1 (learningRate 0.001)`.
struct RunNames {
  private let specs: [RunID: RunSpec]
  private let groups: [String: [RunID]]
  /// The fields that vary in a group of runs of one name, once they were asked for.
  private var varying: [String: [String]] = [:]

  /// So many runs of a name are compared: what varies among more varies among these.
  private static let mostCompared = 2_000

  init(_ plan: ResolvedPlan) {
    specs = Dictionary(plan.runs.map { ($0.id, $0.spec) }, uniquingKeysWith: { $1 })
    groups = Dictionary(grouping: plan.runs.lazy.map(\.id)) { [specs] in specs[$0]?.name ?? "" }
  }

  /// The name of a run; of one that the plan has not, the beginning of its identity.
  mutating func name(of run: RunID) -> String {
    guard let spec = specs[run] else { return run.short }
    let name = spec.name
    guard let group = groups[name], group.count > 1 else { return name }
    let fields = varying[name] ?? fields(varyingIn: group)
    varying[name] = fields
    let own = spec.fields
    let differences = fields.compactMap { field in own[field].map { "\(field) \($0.plainText)" } }
    return differences.isEmpty ? name : "\(name) (\(differences.joined(separator: ", ")))"
  }

  private func fields(varyingIn group: [RunID]) -> [String] {
    let all = group.prefix(Self.mostCompared).compactMap { specs[$0]?.fields }
    let names = all.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    return names.filter { name in all.contains { $0[name] != all[0][name] } }.sorted()
  }
}
