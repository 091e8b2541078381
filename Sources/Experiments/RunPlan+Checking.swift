import TuningMethods

extension RunPlan {
  /// The runs of `plan`, checked: every issue at once, each with the line that asked for the run.
  ///
  /// A run that has no JSON form (a rate that is NaN) is left out and is an issue.
  public init(_ plan: Plan, knowing catalogue: PlanCatalogue) {
    var ledger = IssueLedger()
    var runs: [PlannedRun] = []
    for entry in plan.entries {
      let run = PlannedRun(spec: entry.spec, location: entry.location)
      for mistake in entry.mistakes { ledger.add(mistake, at: entry.location) }
      if ledger.examine(run, entry.method, knowing: catalogue) { runs.append(run) }
    }
    if plan.entries.isEmpty { ledger.add("the plan has no runs; list at least one", at: nil) }
    self.init(runs: runs, issues: ledger.issues)
  }

  /// This plan with the issues that checking it finds: for a plan that was read from a file, whose
  /// methods are all in the catalogue.
  public func checked(knowing catalogue: PlanCatalogue) -> RunPlan {
    var ledger = IssueLedger()
    for issue in issues { ledger.add(issue.message, at: issue.location) }
    let runs = runs.filter { run in
      do {
        return ledger.examine(run, try run.spec.method.catalogued(), knowing: catalogue)
      } catch {
        ledger.add("\(error)", at: run.location)
        return ledger.examine(run, nil, knowing: catalogue)
      }
    }
    if self.runs.isEmpty { ledger.add("the plan has no runs; list at least one", at: nil) }
    return RunPlan(runs: runs, issues: ledger.issues)
  }
}

/// Issues in the order they are met, each once, and the runs met so far.
private struct IssueLedger {
  private(set) var issues: [PlanIssue] = []
  private var known: Set<PlanIssue> = []
  private var firstLocations: [String: SourceLocation?] = [:]

  mutating func add(_ message: String, at location: SourceLocation?) {
    let issue = PlanIssue(message, at: location)
    if known.insert(issue).inserted { issues.append(issue) }
  }

  /// Notes what is wrong with `run`; `false` when it cannot even be written down.
  mutating func examine(
    _ run: PlannedRun, _ method: (any TuningMethod)?, knowing catalogue: PlanCatalogue
  ) -> Bool {
    let problems = run.spec.problems(with: method, knowing: catalogue)
    for problem in problems { add(problem, at: run.location) }
    guard let description = try? run.spec.canonicalDescription() else {
      if problems.isEmpty { add("a number of the run is not finite", at: run.location) }
      return false
    }
    if let first = firstLocations[description] {
      add(Self.duplicate(run.spec, first: first, second: run.location), at: run.location)
    } else {
      firstLocations[description] = .some(run.location)
    }
    return true
  }

  private static func duplicate(
    _ spec: RunSpec, first: SourceLocation?, second: SourceLocation?
  ) -> String {
    let run = "\(spec.method.name) on \(spec.dataset) with \(spec.backbone), seed \(spec.seed),"
    guard let first, first != second else {
      return "\(run) is planned more than once; drop the repeated value or loop"
    }
    return "\(run) is already planned at line \(first.line); drop one of the two"
  }
}
