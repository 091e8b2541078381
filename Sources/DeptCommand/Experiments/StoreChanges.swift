import Experiments
import RunStorage
import Scheduling

/// What carrying out a plan would change of what the last plan of its experiment wanted.
struct StoreChanges: Encodable {
  /// Runs that the last plan wanted and this one does not, by state.
  private(set) var leaving: [String: Int] = [:]
  /// How many of these are not finished and wanted by no other experiment, so that they are
  /// cancelled; the others stay as they are.
  private(set) var cancelled = 0
  /// New runs that are there with other data (`data`), another backbone (`backbone`), sources that
  /// changed (`sources`), another engine (`engine`) or another file that declares the method
  /// (`file`): how many have each.
  private(set) var changed: [String: Int] = [:]
  /// So many of the runs that leave are compared at the most.
  private static let mostCompared = 2_000

  init() {}

  /// - Parameter new: runs that the store does not have.
  /// - Parameter known: the runs that the store has.
  /// - Throws: `StoreError`.
  init(_ plan: ResolvedPlan, known: Set<RunID>, store: RunStore) throws {
    let listed = try store.wantedRuns(experiment: plan.experiment)
    guard !listed.isEmpty else { return }
    let wanted = Set(plan.runs.map(\.id))
    let gone = listed.filter { !wanted.contains($0.id) }
    let finished: Set<RunState> = [.succeeded, .failed, .pruned, .cancelled]
    for run in gone {
      leaving[run.state.rawValue, default: 0] += 1
      if !finished.contains(run.state), !run.isShared { cancelled += 1 }
    }
    guard !gone.isEmpty else { return }
    let new = plan.runs.filter { !known.contains($0.id) }
    guard !new.isEmpty else { return }
    var descriptions: [String: ResolvedRun] = [:]
    for run in new { descriptions[Self.description(of: run.spec)] = run }
    for old in try store.runs(gone.prefix(Self.mostCompared).map(\.id)) {
      guard let run = descriptions[Self.description(of: old.spec)] else { continue }
      for reason in RunDifference.digests(of: run, from: old).map(\.field) {
        changed[reason, default: 0] += 1
      }
    }
  }

  /// What a run is, whatever file declares its method.
  private static func description(of spec: RunSpec) -> String {
    let spec = spec.mapped { spec in
      if spec.method.source != nil { spec.method.source = MethodDescription.thisFile }
    }
    return (try? spec.canonicalDescription()) ?? ""
  }

  /// For people, a line each.
  var lines: [String] {
    var lines: [String] = []
    let staying = leaving.values.reduce(0, +) - cancelled
    if cancelled > 0 { lines.append("\(cancelled) of the last plan would be cancelled") }
    if staying > 0 {
      lines.append("\(staying) of the last plan are wanted no more and stay in the store")
    }
    let words = [
      "data": "other data", "backbone": "another backbone", "engine": "another engine",
      "sources": "sources that have changed", "file": "another version of their method's file",
    ]
    for (reason, count) in changed.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "\(count) new run\(count == 1 ? " was" : "s were") done before with "
          + (words[reason] ?? reason))
    }
    return lines
  }
}
