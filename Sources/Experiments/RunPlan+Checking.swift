import Backbones
import TuningMethods

extension RunPlan {
  /// The runs of `plan` and those that they start from, checked: every issue at once, each with the
  /// line that asked for the run.
  ///
  /// A run that has no JSON form (a rate that is NaN) is left out and is an issue.
  public init(_ plan: Plan, knowing catalogue: PlanCatalogue) {
    self.init(plan.entries.map(Candidate.init), knowing: catalogue, issues: plan.issues)
    order = plan.order
    notes = plan.notes
  }

  /// This plan with the issues that checking it finds: for a plan that was read from a file, whose
  /// methods are all in the catalogue.
  public func checked(knowing catalogue: PlanCatalogue) -> RunPlan {
    var plan = RunPlan(runs.map(Candidate.init), knowing: catalogue, issues: issues)
    plan.order = order
    plan.notes = notes
    return plan
  }

  private init(_ candidates: [Candidate], knowing catalogue: PlanCatalogue, issues: [PlanIssue]) {
    var ledger = IssueLedger(listed: candidates, catalogue)
    for issue in issues { ledger.add(issue.message, at: issue.location) }
    for candidate in candidates { ledger.take(candidate) }
    if candidates.isEmpty { ledger.add("the plan has no runs; list at least one", at: nil) }
    self.init(runs: ledger.runs, issues: ledger.issues)
  }
}

/// A run that may become part of a plan, with what is known of its method.
private struct Candidate {
  var run: PlannedRun
  /// `nil` where its description could not be read.
  var method: (any TuningMethod)?
  /// What is wrong already.
  var mistakes: [String]
  var sources: [Candidate]

  init(_ entry: Plan.Entry) {
    run = PlannedRun(spec: entry.spec, location: entry.location)
    run.priority = entry.priority
    run.search = entry.search
    run.bracket = entry.bracket
    method = entry.method
    mistakes = entry.mistakes
    sources = entry.sources.map(Candidate.init)
  }

  init(_ run: PlannedRun) {
    self.run = run
    mistakes = []
    do {
      method = try run.spec.method.catalogued()
    } catch {
      mistakes.append("\(error)")
    }
    sources = run.spec.sources.map { Candidate(PlannedRun(spec: $0, location: run.location)) }
  }
}

/// Runs and issues in the order they are met, each once.
private struct IssueLedger {
  private(set) var runs: [PlannedRun] = []
  private(set) var issues: [PlanIssue] = []
  private var known: Set<PlanIssue> = []
  private var firstLocations: [String: SourceLocation?] = [:]
  /// What the plan itself lists, where it can be written down.
  private let listed: Set<String>
  private let catalogue: PlanCatalogue
  /// What makes a method impossible on a backbone, by what was asked before.
  private var knownMisfits: [Fit: [String]] = [:]

  /// A method on a backbone, for so many tasks.
  private struct Fit: Hashable {
    let backbone: BackboneID
    let method: MethodDescription
    let taskCount: Int
  }

  init(listed: [Candidate], _ catalogue: PlanCatalogue) {
    self.listed = Set(listed.compactMap { try? $0.run.spec.canonicalDescription() })
    self.catalogue = catalogue
  }

  mutating func add(_ message: String, at location: SourceLocation?) {
    let issue = PlanIssue(message, at: location)
    if known.insert(issue).inserted { issues.append(issue) }
  }

  /// Enters a run of the plan, after those it starts from that the plan does not list.
  mutating func take(_ candidate: Candidate) {
    enterSources(of: candidate)
    enter(candidate)
  }

  private mutating func enterSources(of candidate: Candidate) {
    for var source in candidate.sources {
      let description = try? source.run.spec.canonicalDescription()
      if let description, listed.contains(description) || firstLocations[description] != nil {
        continue
      }
      enterSources(of: source)
      source.run.isSource = true
      enter(source)
    }
  }

  /// Notes what is wrong with a run, and the run where it can be written down at all.
  private mutating func enter(_ candidate: Candidate) {
    let (spec, location) = (candidate.run.spec, candidate.run.location)
    for mistake in candidate.mistakes { add(mistake, at: location) }
    let problems =
      spec.problems(with: candidate.method, knowing: catalogue)
      + misfits(spec, candidate.method)
      + (candidate.run.bracket?.rule.problems(with: spec.schedule) ?? [])
      + spec.sourceProblems(with: candidate.method, sources: candidate.sources.map(\.method))
    for problem in problems { add(problem, at: location) }
    for issue in candidate.run.groupProblems(knowing: catalogue) {
      add(issue.message, at: issue.location)
    }
    guard let description = try? spec.canonicalDescription() else {
      if problems.isEmpty { add("a number of the run is not finite", at: location) }
      return
    }
    if let first = firstLocations[description] {
      add(Self.duplicate(spec, first: first, second: location), at: location)
    } else {
      firstLocations[description] = .some(location)
    }
    runs.append(candidate.run)
  }

  /// What makes the method impossible on its backbone, where that is known without fetching it.
  private mutating func misfits(_ spec: RunSpec, _ method: (any TuningMethod)?) -> [String] {
    // What is wrong with the method itself is said already.
    guard let method, method.issues.isEmpty else { return [] }
    let fit = Fit(
      backbone: spec.backbone, method: spec.method, taskCount: max(1, spec.datasets.count))
    if let known = knownMisfits[fit] { return known }
    let found = catalogue.anatomy(of: spec.backbone).map {
      method.problems(on: $0, taskCount: fit.taskCount).map { "\(spec.backbone): \($0)" }
    }
    knownMisfits[fit] = found ?? []
    return found ?? []
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
