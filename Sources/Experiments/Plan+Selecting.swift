import Datasets

extension Plan {
  /// Searches: the runs of this plan compete, and only the winners are reported, carried out with
  /// `seeds`.
  ///
  /// The runs with the same method, backbone and number of few-shot examples are a search; a
  /// configuration is all of a run but its seed and its data set. How many configurations were
  /// tried is told with every result.
  ///
  /// ```swift
  /// Plan { for rate in (1e-3...0.3).logarithmic(6) { Run(…).learningRate(rate) } }
  ///   .selecting(.best(on: .validation), thenSeeds: 1...3)
  /// ```
  /// - Parameters:
  ///   - rule: whose scores decide.
  ///   - perTask: whether each data set has a winner of its own; otherwise the configuration with
  ///     the best mean over data sets wins.
  ///   - seeds: of the winners' runs; one that the search has used already is not carried out
  ///     again.
  public func selecting(
    _ rule: SelectionRule, perTask: Bool = true, thenSeeds seeds: some Sequence<Int>,
    file: String = #filePath, line: Int = #line
  ) -> Plan {
    let location = SourceLocation(file: file, line: line)
    var plan = self
    if entries.isEmpty {
      plan.issues.append(
        PlanIssue("`.selecting` got no run to choose among; list at least one", at: location))
    }
    let search = PlanSearch(
      id: entries.first.map { "\(Fingerprint(of: $0.spec))" } ?? "", rule: rule, perTask: perTask,
      seeds: Array(seeds), location: location)
    return plan.map { entry in
      if entry.search != nil {
        entry.mistakes.append("the run is part of two searches; leave one `.selecting` out")
      }
      entry.search = search
    }
  }
}

extension PlanSearch {
  /// What is wrong with it by itself, in one sentence each.
  var problems: [String] {
    var problems: [String] = []
    if seeds.isEmpty {
      problems.append("`.selecting` got no seed for its winners; give it at least one")
    }
    if let seed = seeds.first(where: { $0 < 0 }) {
      problems.append("the seed \(seed) of `.selecting` is negative; seeds count from 0")
    }
    if Set(seeds).count < seeds.count {
      problems.append("`.selecting` got a seed more than once; give each once")
    }
    if rule.split == .train {
      problems.append("runs are not judged on training examples; select on .validation")
    }
    return problems
  }
}
