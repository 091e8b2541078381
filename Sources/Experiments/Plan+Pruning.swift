import Datasets

extension Plan {
  /// Runs that are behind the others of this plan on validation are given up early.
  ///
  /// Only runs on the same data are compared: those on each data set are a group of their own.
  ///
  /// ```swift
  /// Plan { … }.pruned(by: .successiveHalving(factor: 3, from: 100))
  /// ```
  /// - Parameters:
  ///   - rule: when a run is given up.
  ///   - metric: what is compared, such as `accuracy`; `nil`: what the data set's best step is
  ///     chosen by.
  public func pruned(by rule: PruningRule, metric: String? = nil) -> Plan {
    var groups: [[DatasetID]: String] = [:]
    return map { entry in
      if entry.bracket != nil {
        entry.mistakes.append("the run is pruned in two groups; leave one `.pruned` out")
      }
      let id = groups[entry.spec.datasets] ?? "\(Fingerprint(of: entry.spec))"
      groups[entry.spec.datasets] = id
      entry.bracket = PlanBracket(id: id, rule: rule, metric: metric)
    }
  }
}
