import Backbones
import Experiments
import Foundation
import RunStorage
import Scheduling

/// What `dept plan` says: a plan, how much of it is done, and what the rest will take.
///
/// Its JSON is also a `RunPlan`, so that it can be run later.
struct PlanDescription {
  let experiment: String
  let plan: RunPlan
  let jobs: Int
  let axes: [PlanAxes.Axis]
  /// The names of runs that are not listed, and only there because others start from them.
  let sourceNames: [String]
  var issues: [PlanIssue]
  /// `nil` until the store was looked at, which takes a plan without issues.
  private(set) var decisions: [(run: ResolvedRun, decision: Reconciliation.Decision)]?
  private var counts: [Reconciliation.Decision: Int] = [:]
  private(set) var forecast: PlanForecast?
  private(set) var quality: PredictionQuality?
  private(set) var changes = StoreChanges()
  private(set) var failures = FailureReasons()
  private(set) var pruned = 0
  /// The searches of the plan, as far as they are.
  private(set) var searches: [SearchListing] = []
  /// Runs of the store that would count, were they measured here.
  private(set) var measuredElsewhere = 0

  init(_ experiment: String, _ plan: RunPlan, axes: PlanAxes, jobs: Int) {
    self.experiment = experiment
    self.plan = plan
    self.jobs = jobs
    sourceNames = plan.runs.filter(\.isSource).map(\.spec.name)
    self.axes = axes.axes
    issues = plan.issues
  }

  func count(_ decision: Reconciliation.Decision) -> Int { counts[decision] ?? 0 }

  /// How many runs are to be carried out.
  var new: Int { counts.filter { $0.key.isCarriedOut }.values.reduce(0, +) }

  /// Looks up what the store knows of the runs.
  ///
  /// - Throws: `StoreError` where there is a store that cannot be read.
  mutating func compare(_ resolved: ResolvedPlan, with surroundings: Surroundings) throws {
    let store = try surroundings.existingStore()
    let records = try store?.records() ?? [:]
    let expansion = try SearchExpansion(resolved, in: store)
    searches = expansion.groups.map(SearchListing.init)
    let reconciliation = try Reconciliation(
      expansion.plan, records: records, options: ScheduleOptions())
    let decisions = reconciliation.decisions
    // The runs of winners follow from the plan, which is what is written down.
    let written = searches.isEmpty ? nil : Set(resolved.runs.map(\.id))
    self.decisions =
      written.map { written in
        decisions.filter { written.contains($0.run.id) }
      } ?? decisions
    for (run, decision) in decisions {
      counts[decision, default: 0] += 1
      if !records.isEmpty, records[run.id]?.state == .pruned { pruned += 1 }
    }
    let history = try surroundings.costHistory(
      of: resolved, threads: max(1, surroundings.threads / jobs))
    measuredElsewhere = history.elsewhere
    forecast = PlanForecast(
      decisions, expected: expansion.expected, history: history, jobs: jobs
    ) {
      surroundings.weightBytes($0)
    }
    guard let store else { return }
    quality = PredictionQuality(try store.judgedPredictions(most: 50))
    if count(.failedBefore) > 0 {
      let known = try store.failures()
      for (run, decision) in decisions where decision == .failedBefore {
        known[run.id].map { failures.add($0, of: run.spec.name, run.id) }
      }
    }
    changes = try StoreChanges(expansion.plan, known: Set(records.keys), store: store)
  }
}

extension Surroundings {
  /// The store, for reading; `nil` where nothing was ever run.
  func existingStore() throws -> RunStore? {
    do {
      return try RunStore(home: home.path)
    } catch StoreError.missing {
      return nil
    }
  }

  /// What runs with the backbones of a plan took on this machine.
  ///
  /// - Parameter threads: of each worker.
  func costHistory(of plan: ResolvedPlan, threads: Int) throws -> CostHistory {
    let home = home.path
    let backbones = Set(plan.runs.lazy.map(\.spec.backbone.rawValue))
    let measured = try existingStore()?.measuredRuns(backbones: backbones, most: 2_000) ?? []
    return CostHistory(
      measured, machine: measured.isEmpty ? "" : RunEnvironment.machine(threads: threads)
    ) { run in FolderSize.bytes(of: RunFolder(home: home, run: run).path) }
  }
}

/// How much a folder takes.
enum FolderSize {
  /// The bytes of the files right in it; `nil` where there are none.
  static func bytes(of folder: String) -> Int? {
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder), !names.isEmpty else {
      return nil
    }
    return names.reduce(0) { total, name in
      let size = try? files.attributesOfItem(atPath: "\(folder)/\(name)")[.size]
      return total + (size as? Int ?? 0)
    }
  }
}

extension Reconciliation.Decision {
  /// Whether the run is carried out.
  var isCarriedOut: Bool { [.run, .retry, .repeat].contains(self) }
}
