import Backbones
import Datasets
import Experiments
import Training

/// The searches of a plan, and the plan with the runs of those winners that are known.
///
/// A pure function of the plan and of what became of its candidates: whoever is killed, the same
/// winners are found again.
public struct SearchExpansion: Hashable, Sendable {
  /// In the order of the plan.
  public let groups: [SearchGroup]
  /// The plan, in which the runs of winners come after the candidates of their search; a winner
  /// whose seed was asked for again is the run that it was.
  public let plan: ResolvedPlan

  public init(_ plan: ResolvedPlan, outcome: (ResolvedRun) -> CandidateOutcome) {
    var keys: [Key] = []
    var members: [Key: [ResolvedRun]] = [:]
    for run in plan.runs {
      guard let search = run.search else { continue }
      let key = Key(run.spec, search)
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(run)
    }
    groups = keys.compactMap { key in
      Self.group(key, members[key] ?? [], outcome)
    }
    self.plan = Self.adding(groups, to: plan)
  }

  /// What competes.
  private struct Key: Hashable {
    var search: PlanSearch
    var method: String
    var backbone: BackboneID
    var fewShot: Int?
    /// Of a search that has one winner for all data sets, none.
    var datasets: [DatasetID]

    init(_ spec: RunSpec, _ search: PlanSearch) {
      self.search = search
      method = spec.method.name
      backbone = spec.backbone
      fewShot = spec.schedule.fewShot
      datasets = search.perTask ? spec.datasets : []
    }
  }

  private static func group(
    _ key: Key, _ candidates: [ResolvedRun], _ outcome: (ResolvedRun) -> CandidateOutcome
  ) -> SearchGroup? {
    guard let first = candidates.first else { return nil }
    let configurations = Configuration.sorted(candidates)
    let tasks = Set(candidates.map(\.spec.datasets))
    let data =
      tasks.count == 1 ? "\(first.spec.dataset)" : "\(tasks.count) data sets"
    let shots = key.fewShot.map { ", k = \($0)" } ?? ""
    let name = "\(key.method) on \(data) with \(key.backbone)\(shots)"
    var group = SearchGroup(
      search: key.search, name: name, candidates: candidates, tried: configurations.count,
      replicates: configurations.map { Self.places(of: $0).count }.max() ?? 0,
      verdict: .open(left: 0))
    group.replicates *= key.search.seeds.count
    let outcomes = Dictionary(candidates.map { ($0.id, outcome($0)) }) { first, _ in first }
    let left = candidates.count { outcomes[$0.id] == .open }
    guard left == 0 else {
      group.verdict = .open(left: left)
      return group
    }
    var best: (runs: [ResolvedRun], merit: Double)?
    for runs in configurations {
      guard let merit = Self.merit(of: runs, on: tasks, key.search.rule, outcomes) else { continue }
      if let leader = best, leader.merit >= merit { continue }
      best = (runs, merit)
    }
    guard let best else {
      group.verdict = .failed(Self.reason(group, outcomes))
      return group
    }
    let seeds = Set(candidates.map(\.spec.seed)).count
    group.verdict = .decided(
      SearchGroup.Winner(
        spec: best.runs[0].spec, merit: best.merit,
        runs: Self.replicates(
          of: best.runs, key.search, tried: configurations.count, searchSeeds: seeds)))
    return group
  }

  /// The mean over data sets of the mean score over seeds; `nil` where one has no score at all.
  private static func merit(
    of runs: [ResolvedRun], on tasks: Set<[DatasetID]>, _ rule: SelectionRule,
    _ outcomes: [RunID: CandidateOutcome]
  ) -> Double? {
    var merits: [[DatasetID]: [Double]] = [:]
    for run in runs {
      guard case .scored(let scores)? = outcomes[run.id],
        let merit = rule.merit(of: run.spec, scores)
      else { continue }
      merits[run.spec.datasets, default: []].append(merit)
    }
    guard merits.count == tasks.count else { return nil }
    // In the order of the plan, so that a sum is always the same.
    var met: Set<[DatasetID]> = []
    let order = runs.map(\.spec.datasets).filter { met.insert($0).inserted }
    let means = order.compactMap { merits[$0] }.map { $0.reduce(0, +) / Double($0.count) }
    return means.reduce(0, +) / Double(means.count)
  }

  private static func reason(
    _ group: SearchGroup, _ outcomes: [RunID: CandidateOutcome]
  ) -> String {
    let scored = group.candidates.filter { run in
      if case .scored? = outcomes[run.id] { true } else { false }
    }
    let rule = group.search.rule
    let what = "the search for \(group.name) has no winner"
    if scored.isEmpty {
      let count = group.candidates.count
      return "\(what): " + (count == 1 ? "its one candidate" : "all \(count) candidates")
        + " failed; change what they are, or try again with --retry-failed"
    }
    let hasMerit = scored.contains { run in
      if case .scored(let scores)? = outcomes[run.id] {
        rule.merit(of: run.spec, scores) != nil
      } else {
        false
      }
    }
    return hasMerit
      ? "\(what): no configuration has a result on every data set; select with perTask: true, or "
        + "list every configuration for every data set"
      : "\(what): none of its runs has a score on \(rule.split.rawValue); give the data set such a "
        + "split, or select on another"
  }

  /// The runs of a configuration that differ in more than their seed: one for each data set and
  /// draw of few examples.
  private static func places(of runs: [ResolvedRun]) -> [ResolvedRun] {
    var met: Set<RunSpec> = []
    return runs.filter { run in
      var spec = run.spec
      spec.seed = 0
      return met.insert(spec).inserted
    }
  }

  private static func replicates(
    of runs: [ResolvedRun], _ search: PlanSearch, tried: Int, searchSeeds: Int
  ) -> [ResolvedRun] {
    let known = Dictionary(runs.map { ($0.id, $0) }) { first, _ in first }
    let selection = RunSelection(
      search: search.id, split: search.rule.split, metric: search.rule.metric, tried: tried,
      searchSeeds: searchSeeds)
    return places(of: runs).flatMap { place in
      search.seeds.compactMap { seed -> ResolvedRun? in
        var run = place
        run.spec.seed = seed
        let id = try? ResolvedPlan.identity(
          of: run.spec, dataDigest: run.dataDigest, backboneDigest: run.backboneDigest,
          sources: run.sources)
        // Only a number that is not finite has none, and such a candidate was no run.
        guard let id else { return nil }
        if var candidate = known[id] {
          candidate.selection = selection
          candidate.selection?.isCandidate = true
          return candidate
        }
        run.id = id
        run.search = nil
        run.bracket = nil
        run.selection = selection
        run.location = search.location ?? place.location
        return run
      }
    }
  }

  private static func adding(_ groups: [SearchGroup], to plan: ResolvedPlan) -> ResolvedPlan {
    var additions: [RunID: [ResolvedRun]] = [:]
    var chosen: [RunID: RunSelection] = [:]
    let listed = Set(plan.runs.map(\.id))
    for group in groups {
      guard case .decided(let winner) = group.verdict, let last = group.candidates.last else {
        continue
      }
      for run in winner.runs { chosen[run.id] = run.selection }
      additions[last.id, default: []] += winner.runs.filter { !listed.contains($0.id) }
    }
    guard !chosen.isEmpty else { return plan }
    var expanded = plan
    expanded.runs = plan.runs.flatMap { run -> [ResolvedRun] in
      var run = run
      if let selection = chosen[run.id] {
        run.selection = selection
        run.isSource = false
      }
      return [run] + (additions[run.id] ?? [])
    }
    return expanded
  }
}

/// All of a run but its seeds and its data.
private struct Configuration: Hashable {
  private let spec: RunSpec

  init(_ spec: RunSpec) {
    var spec = spec.mapped {
      $0.seed = 0
      $0.schedule.fewShotSeed = nil
    }
    // Lengths that are a data set's own are no choice of the configuration.
    let known = spec.datasets.map { try? DatasetCatalogue.standard.dataset($0) }
    if spec.schedule.sourceLength == known.compactMap({ $0?.sourceLength }).max() {
      spec.schedule.sourceLength = 0
    }
    if spec.schedule.targetLength == known.compactMap({ $0?.targetLength }).max() {
      spec.schedule.targetLength = 0
    }
    spec.datasets = []
    self.spec = spec
  }

  /// Runs by configuration, in the order of first appearance.
  static func sorted(_ runs: [ResolvedRun]) -> [[ResolvedRun]] {
    var order: [Configuration] = []
    var members: [Configuration: [ResolvedRun]] = [:]
    for run in runs {
      let configuration = Configuration(run.spec)
      if members[configuration] == nil { order.append(configuration) }
      members[configuration, default: []].append(run)
    }
    return order.compactMap { members[$0] }
  }
}
