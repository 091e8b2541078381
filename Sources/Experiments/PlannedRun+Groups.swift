import Datasets
import Evaluation
import Training

extension PlannedRun {
  /// What is wrong with the search and the group that this run is in.
  func groupProblems(knowing catalogue: PlanCatalogue) -> [PlanIssue] {
    var issues: [PlanIssue] = []
    if let search {
      let place = search.location ?? location
      issues += search.problems.map { PlanIssue($0, at: place) }
      if let message = metricProblem(search.rule.metric, "`.selecting`", catalogue) {
        issues.append(PlanIssue(message, at: place))
      }
      if spec.schedule.timing != nil {
        issues.append(
          PlanIssue("a run that is timed has no score to select by; leave `.timing` out", at: place)
        )
      }
    }
    if let bracket {
      issues += bracket.rule.problems(with: spec.schedule).map { PlanIssue($0, at: location) }
      if let message = metricProblem(bracket.metric, "`.pruned`", catalogue) {
        issues.append(PlanIssue(message, at: location))
      }
    }
    return issues
  }

  /// A metric that is not measured on the run's data sets; `nil` where it is.
  private func metricProblem(
    _ metric: String?, _ modifier: String, _ catalogue: PlanCatalogue
  ) -> String? {
    guard let metric else { return nil }
    var known: [String] = []
    for id in spec.datasets {
      // A data set that is not known is said already.
      guard let dataset = try? catalogue.datasets.dataset(id) else { return nil }
      let names = dataset.metrics.map(\.name.rawValue)
      known += spec.datasets.count == 1 ? names : names.map { "\(id)/\($0)" }
    }
    if spec.datasets.count > 1 { known.append("mean") }
    guard !known.contains(metric) else { return nil }
    return "\(modifier): '\(spec.dataset)' has no metric '\(metric)'"
      + NearestName.hint(for: metric, among: known)
  }
}
