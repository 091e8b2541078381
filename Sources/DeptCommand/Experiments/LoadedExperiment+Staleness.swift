import Experiments
import Scheduling
import ScriptRunner

extension LoadedExperiment {
  /// Whether the experiment asks for other runs by now than the store's newest plan of it lists.
  ///
  /// What cannot be planned, or whose data are not here, asks for nothing that can be named.
  func asksForOthers(than results: ResultSet, _ surroundings: Surroundings) async -> Bool {
    let plan: RunPlan?
    if let script {
      plan = try? await script.plan(environment: surroundings.environment).value
    } else {
      plan = try? await self.plan()
    }
    guard let plan, plan.issues.isEmpty else { return false }
    let resolved = ExperimentOptions.resolve(plan, of: self, surroundings)
    return resolved.issues.isEmpty && resolved.differs(from: results)
  }
}

extension ResolvedPlan {
  /// Whether it lists runs that `results` have not, or the other way round.
  ///
  /// What follows from a search is listed once that is done, and so is no difference.
  func differs(from results: ResultSet) -> Bool {
    let wanted = Set(runs.lazy.filter { $0.search == nil }.map(\.id))
    let shown = Set((results.runs + results.sources).map(\.id))
    if !wanted.isSubset(of: shown) { return true }
    return runs.allSatisfy { $0.search == nil } && !shown.isSubset(of: wanted)
  }
}
