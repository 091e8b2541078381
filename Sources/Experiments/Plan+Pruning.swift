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

extension PruningRule {
  /// Numbers out of range, in one sentence each.
  var problems: [String] {
    switch self {
    case .successiveHalving(let factor, let first):
      (factor < 2
        ? ["`.successiveHalving` keeps 1 of \(factor) runs; its factor has to be at least 2"] : [])
        + (first < 1 ? ["`.successiveHalving` begins at step \(first); begin at 1 or later"] : [])
    case .median(let after, let every):
      (after < 1 ? ["`.median` begins after step \(after); begin after 1 or later"] : [])
        + (every < 1 ? ["`.median` looks every \(every) steps; it has to be at least 1"] : [])
    }
  }

  /// The first step at which a run may be given up.
  var firstStep: Int {
    switch self {
    case .successiveHalving(_, let first): first
    case .median(let after, _): after
    }
  }
}
