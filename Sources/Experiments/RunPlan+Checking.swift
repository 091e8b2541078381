import Backbones
import TuningMethods

extension RunPlan {
  /// The runs of `plan` and those that they start from, checked: every issue at once, each with the
  /// line that asked for the run.
  ///
  /// A run that has no JSON form (a rate that is NaN) is left out and is an issue.
  public init(_ plan: Plan, knowing catalogue: PlanCatalogue) {
    var ledger = IssueLedger(catalogue, issues: plan.issues)
    ledger.take(plan.entries, spec: \.spec) { Candidate($0) }
    self.init(runs: ledger.runs, issues: ledger.issues, order: plan.order, notes: plan.notes)
  }

  /// This plan with the issues that checking it finds: for a plan that was read from a file, whose
  /// methods are all in the catalogue.
  public func checked(knowing catalogue: PlanCatalogue) -> RunPlan {
    var ledger = IssueLedger(catalogue, issues: issues)
    var methods = CataloguedMethods()
    ledger.take(runs, spec: \.spec) { Candidate($0, &methods) }
    return RunPlan(runs: ledger.runs, issues: ledger.issues, order: order, notes: notes)
  }
}

/// A run that may become part of a plan, with what is known of its method.
private struct Candidate {
  var run: PlannedRun
  /// `nil` where its description could not be read.
  var method: (any TuningMethod)?
  /// What is wrong already.
  var mistakes: [String]
  /// Whether the description tells the method from others.
  var isDescribed: Bool
  var sources: [Candidate]

  init(_ entry: Plan.Entry) {
    run = PlannedRun(spec: entry.spec, location: entry.location)
    run.priority = entry.priority
    run.search = entry.search
    run.bracket = entry.bracket
    method = entry.method
    mistakes = entry.mistakes
    isDescribed = mistakes.isEmpty || !entry.spec.method.hyperparameters.isEmpty
    sources = entry.sources.map(Candidate.init)
  }

  init(_ run: PlannedRun, _ methods: inout CataloguedMethods) {
    self.run = run
    mistakes = []
    isDescribed = true
    switch methods.method(run.spec.method) {
    case .success(let known): method = known
    case .failure(let error): mistakes.append("\(error)")
    }
    sources = run.spec.sources.map { spec in
      Candidate(PlannedRun(spec: spec, location: run.location), &methods)
    }
  }
}

/// Methods of the catalogue by their descriptions, each read once.
private struct CataloguedMethods {
  private var known: [MethodDescription: Result<any TuningMethod, MethodDescriptionError>] = [:]

  mutating func method(
    _ description: MethodDescription
  ) -> Result<any TuningMethod, MethodDescriptionError> {
    if let known = known[description] { return known }
    let method: Result<any TuningMethod, MethodDescriptionError>
    do {
      method = .success(try description.catalogued())
    } catch {
      method = .failure(error)
    }
    known[description] = method
    return method
  }
}

/// Runs and issues in the order they are met, each once.
private struct IssueLedger {
  private(set) var runs: [PlannedRun] = []
  private var collected = IssueCollection()
  private var firstLocations: [SpecPieces.Row: SourceLocation?] = [:]
  /// What the plan itself lists; not known where no run starts from another.
  private var listed: Set<SpecPieces.Row> = []
  private var check: PlanCheck
  private let catalogue: PlanCatalogue

  init(_ catalogue: PlanCatalogue, issues: [PlanIssue]) {
    self.catalogue = catalogue
    check = PlanCheck(catalogue)
    for issue in issues { collected.add(issue.message, at: issue.location) }
  }

  var issues: [PlanIssue] { collected.issues }

  /// Enters the runs of the plan, each after those it starts from that the plan does not list.
  mutating func take<Element>(
    _ elements: [Element], spec: (Element) -> RunSpec, _ candidate: (Element) -> Candidate
  ) {
    runs.reserveCapacity(elements.count)
    firstLocations.reserveCapacity(elements.count)
    if elements.contains(where: { !spec($0).sources.isEmpty }) {
      listed = Set(elements.map { check.identity(check.row(of: spec($0))) })
    }
    for element in elements {
      let candidate = candidate(element)
      enterSources(of: candidate)
      enter(candidate)
    }
    if elements.isEmpty {
      collected.add("the plan has no runs; list at least one", at: nil)
    }
  }

  private mutating func enterSources(of candidate: Candidate) {
    for var source in candidate.sources {
      let row = check.row(of: source.run.spec)
      if check.canBeWritten(row) {
        let identity = check.identity(row)
        if listed.contains(identity) || firstLocations[identity] != nil { continue }
      }
      enterSources(of: source)
      source.run.isSource = true
      enter(source)
    }
  }

  /// Notes what is wrong with a run, and the run where it can be written down at all.
  private mutating func enter(_ candidate: Candidate) {
    let (spec, location) = (candidate.run.spec, candidate.run.location)
    for mistake in candidate.mistakes { collected.add(mistake, at: location) }
    let row = check.row(of: spec)
    let isSound = candidate.isDescribed && check.isSound(row)
    let problems =
      isSound
      ? []
      : check.problems(spec, row, candidate.method, isDescribed: candidate.isDescribed) {
        candidate.sources.map(\.method)
      }
    for problem in problems { collected.add(problem, at: location) }
    for issue in candidate.run.groupProblems(knowing: catalogue) {
      collected.add(issue.message, at: issue.location)
    }
    guard isSound || check.canBeWritten(row) else {
      if problems.isEmpty { collected.add("a number of the run is not finite", at: location) }
      return
    }
    if !isSound, problems.isEmpty, candidate.isDescribed { check.noteSound(row) }
    let identity = check.identity(row)
    if let first = firstLocations[identity] {
      collected.add(Self.duplicate(spec, first: first, second: location), at: location)
    } else {
      firstLocations[identity] = .some(location)
    }
    runs.append(candidate.run)
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
