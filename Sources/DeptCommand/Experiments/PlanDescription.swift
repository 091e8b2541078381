import Backbones
import Experiments
import Foundation
import RunStorage
import Scheduling

/// What `dept plan` says: a plan, how much of it is done, and what the rest will take.
///
/// Its JSON is also a `RunPlan`, so that it can be run later.
struct PlanDescription: Encodable {
  private struct Run: Encodable {
    var id: RunID?
    var state: String?
    var spec: RunSpec
    var location: SourceLocation?
    /// Only of runs that the plan does not list and others start from.
    var isSource: Bool?
    /// Only where the plan says something.
    var priority: Int?
    var search: PlanSearch?
    var bracket: PlanBracket?

    init(_ run: PlannedRun) {
      (spec, location, search, bracket) = (run.spec, run.location, run.search, run.bracket)
      isSource = run.isSource ? true : nil
      priority = run.priority == 0 ? nil : run.priority
    }

    init(_ run: ResolvedRun, _ decision: Reconciliation.Decision) {
      (id, state) = (run.id, decision.rawValue)
      (spec, location, search, bracket) = (run.spec, run.location, run.search, run.bracket)
      isSource = run.isSource ? true : nil
      priority = run.priority == 0 ? nil : run.priority
    }
  }

  private let format = RunPlan.currentFormat
  private let experiment: String
  private let planned: Int
  /// How many of these are not listed, and only there because others start from them.
  private let sources: Int
  private let sourceNames: [String]
  private var cached = 0
  private var new = 0
  private var failed = 0
  /// Start from a run that failed before.
  private var blocked = 0
  private let axes: [PlanAxes.Axis]
  private var predictedSeconds: Double?
  /// Of `jobs` processes together: the backbones once, and what each has for itself.
  private var predictedPeakBytes: Int?
  private var predictedOwnBytes: Int?
  private var sharedBytes: Int?
  private let jobs: Int
  private var runs: [Run]
  private let order: RunOrder?
  private let notes: [String]?
  /// Only of plans that search.
  private var searches: [SearchListing]?
  var issues: [PlanIssue]

  init(_ experiment: String, _ plan: RunPlan, jobs: Int) {
    self.experiment = experiment
    self.jobs = jobs
    planned = plan.runs.count
    let unlisted = plan.runs.filter(\.isSource)
    sources = unlisted.count
    sourceNames = unlisted.map(\.spec.name)
    axes = PlanAxes(plan.runs.filter { !$0.isSource }.map(\.spec)).axes
    runs = plan.runs.map(Run.init)
    order = plan.order == .planned ? nil : plan.order
    notes = plan.notes.isEmpty ? nil : plan.notes
    issues = plan.issues
  }

  /// Looks up what the store of `home` knows of the runs.
  ///
  /// - Parameter weights: the bytes of a backbone's weights.
  /// - Throws: `StoreError` where there is a store that cannot be read.
  mutating func compare(
    _ resolved: ResolvedPlan, with home: String, weights: (BackboneID) -> Int
  ) throws {
    let store = try Self.store(of: home)
    let records = try store?.records() ?? [:]
    let expansion = try SearchExpansion(resolved, in: store)
    searches = expansion.groups.isEmpty ? nil : expansion.groups.map(SearchListing.init)
    let reconciliation = try Reconciliation(
      expansion.plan, records: records, options: ScheduleOptions())
    cached = reconciliation.count(.cached)
    failed = reconciliation.count(.failedBefore)
    blocked = reconciliation.count(.blocked)
    new = reconciliation.work.count
    // The runs of winners follow from the plan, which is what is written down.
    let written = Set(resolved.runs.map(\.id))
    runs = reconciliation.decisions.filter { written.contains($0.run.id) }
      .map { Run($0.run, $0.decision) }
    let past = try store?.runs() ?? []
    let forecast = PlanForecast(
      reconciliation.work.map(\.spec) + expansion.expected, past: past, jobs: jobs, weights: weights
    )
    predictedSeconds = forecast.seconds
    predictedOwnBytes = forecast.ownBytes
    sharedBytes = forecast.sharedBytes
    predictedPeakBytes = forecast.ownBytes.map {
      forecast.sharedBytes + min(jobs, new) * $0
    }
  }

  /// `nil` where nothing was ever run.
  private static func store(of home: String) throws -> RunStore? {
    do {
      return try RunStore(home: home)
    } catch StoreError.missing {
      return nil
    }
  }

  /// For people.
  var text: String {
    var lines = ["\(experiment): \(planned) run\(planned == 1 ? "" : "s")"]
    let width = axes.map(\.name.count).max() ?? 0
    for axis in axes {
      let values = axis.values.map { "\($0.value) (\($0.runs))" }.joined(separator: "  ")
      lines.append(
        "  " + axis.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + values)
    }
    if sources > 0 {
      let shown = sourceNames.prefix(3).joined(separator: "; ")
      lines.append(
        "\(sources) of them for others to start from: \(shown)" + (sources > 3 ? "; …" : ""))
    }
    if let searches {
      lines.append(SearchListing.counts(searches))
      lines += searches.compactMap(\.line).map { "  winner: \($0)" }
      lines += searches.compactMap(\.problem).map { "  \($0)" }
    }
    if issues.isEmpty {
      lines.append(
        "\(cached) cached, \(new) to run" + (failed > 0 ? ", \(failed) failed before" : "")
          + (blocked > 0 ? ", \(blocked) whose source failed" : ""))
      if new > 0, let predictedSeconds {
        lines.append(
          "about \(Duration.seconds(predictedSeconds).inWords) in one process"
            + memory)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var memory: String {
    guard let predictedPeakBytes, let predictedOwnBytes, let sharedBytes else { return "" }
    let runs = min(jobs, new)
    return ", \(predictedPeakBytes >> 20) MiB at the most"
      + (runs > 1 ? " with \(runs) runs at a time" : "") + ": \(sharedBytes >> 20) MiB of weights"
      + (runs > 1 ? ", read by all, and " : " and ") + "\(predictedOwnBytes >> 20) MiB a run"
  }
}

extension Duration {
  /// `40 s`, `12 min`, `3 h 20 min`.
  var inWords: String {
    let seconds = Int(components.seconds)
    if seconds < 100 { return "\(max(1, seconds)) s" }
    let minutes = (seconds + 30) / 60
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
