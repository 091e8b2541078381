public import Experiments
public import RunStorage

/// What a call of `dept run` is asked to do.
public struct ScheduleOptions: Hashable, Sendable {
  /// Runs carried out at the same time, each in a process of its own.
  public var jobs = 1
  /// At most so many runs are started; `nil`: all.
  public var limit: Int?
  /// Only runs that fit are carried out; the others are left as they are.
  public var only: RunFilter?
  /// Whether runs are repeated that failed for a reason that will not go away by itself.
  public var retriesFailed = false
  /// Whether runs are repeated that have succeeded.
  public var force = false
  /// The order in which runs are started; `nil`: the plan's own.
  public var order: RunOrder?

  public init() {}
}

/// The difference between what a plan wants and what the store has.
public struct Reconciliation: Hashable, Sendable {
  /// What becomes of one planned run.
  public enum Decision: String, Hashable, Sendable {
    /// It has succeeded: nothing is done.
    case cached
    /// It is carried out, from its checkpoint where it has one.
    case run
    /// It failed before, and is carried out again from the beginning.
    case retry
    /// It is repeated from the beginning, though it has succeeded.
    case `repeat`
    /// It failed before, and would again.
    case failedBefore
    /// It does not fit `only`, or comes after `limit`.
    case leftOut
    /// It starts from a run that failed before, and would again.
    case blocked
    /// It was given up for others of its group, and is left alone while these are better.
    case pruned
  }

  /// One decision for each run of the plan, in its order.
  public var decisions: [(run: ResolvedRun, decision: Decision)] {
    runs.map { (run: $0, decision: choices[$0.id] ?? .leftOut) }
  }
  /// For each run that is blocked, the one that failed.
  public private(set) var failedSources: [RunID: RunID] = [:]
  private let runs: [ResolvedRun]
  private var choices: [RunID: Decision] = [:]

  /// - Parameter incomplete: runs that have succeeded and whose adapter is gone.
  /// - Throws: where `only` names a field that no run has.
  public init(
    _ plan: ResolvedPlan, records: [RunID: RunRecord], options: ScheduleOptions,
    incomplete: Set<RunID> = []
  ) throws(RunFilterError) {
    runs = plan.runs
    let fitting = try options.only.map { only throws(RunFilterError) in
      Set(try only.matching(plan.runs.map(\.spec)))
    }
    let known = Dictionary(runs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    // What each run would like, and what those that do something need of others.
    var wishes: [RunID: Decision] = [:]
    func need(_ id: RunID) {
      guard let run = known[id] else { return }
      let own = wishes[id] ?? .leftOut
      if own == .leftOut { wishes[id] = Self.decide(records[id], options, isAsked: false) }
      if own == .cached, incomplete.contains(id) { wishes[id] = .repeat }
      // What is done needs nothing any more.
      if let wish = wishes[id], wish.isWork, own != wish { run.sources.forEach(need) }
    }
    for run in runs {
      let fits = fitting?.contains(run.spec) ?? true
      let isDone = records[run.id]?.state == .succeeded
      wishes[run.id] =
        fits
        ? Self.decide(records[run.id], options, isInGroup: run.bracket != nil)
        : isDone ? .cached : .leftOut
    }
    for run in runs where wishes[run.id]?.isWork == true { run.sources.forEach(need) }
    var left = options.limit ?? .max
    for run in Self.sourcesFirst(runs, known) {
      var choice = wishes[run.id] ?? .leftOut
      if choice.isWork {
        let sources = run.sources.map { ($0, choices[$0]) }
        if let source = sources.first(where: { $0.1 == .failedBefore || $0.1 == .blocked }) {
          choice = .blocked
          failedSources[run.id] = failedSources[source.0] ?? source.0
        } else if left == 0 || sources.contains(where: { $0.1 == .leftOut }) {
          choice = .leftOut
        } else {
          left -= 1
        }
      }
      choices[run.id] = choice
    }
  }

  /// The runs of a plan in its order, but each after those that it starts from.
  private static func sourcesFirst(
    _ runs: [ResolvedRun], _ known: [RunID: ResolvedRun]
  ) -> [ResolvedRun] {
    var order: [ResolvedRun] = []
    var met: Set<RunID> = []
    func visit(_ run: ResolvedRun) {
      guard met.insert(run.id).inserted else { return }
      for source in run.sources { known[source].map(visit) }
      order.append(run)
    }
    runs.forEach(visit)
    return order
  }

  /// The runs that are carried out, in order.
  public var work: [ResolvedRun] {
    decisions.filter { $0.decision.isWork }.map(\.run)
  }

  public func count(_ decision: Decision) -> Int { choices.values.count { $0 == decision } }

  /// - Parameter isAsked: whether the run is asked for itself, not as the source of another only.
  private static func decide(
    _ record: RunRecord?, _ options: ScheduleOptions, isAsked: Bool = true,
    isInGroup: Bool = false
  ) -> Decision {
    var options = options
    if !isAsked { options.force = false }
    switch record?.state {
    case .pruned where isInGroup && !options.force: return .pruned
    case nil, .queued, .running, .lost, .cancelled, .pruned:
      return options.force ? .repeat : .run
    case .succeeded:
      return options.force ? .repeat : .cached
    case .failed:
      if options.force { return .repeat }
      switch record?.failure {
      // The disk may have been filled, the process killed: trying again can help.
      case .file, .crashed, nil: return .run
      // It may have been allowed more; what it reached is as good as any other checkpoint.
      case .memory: return options.retriesFailed ? .run : .failedBefore
      case .diverged, .invalid: return options.retriesFailed ? .retry : .failedBefore
      }
    }
  }
}

extension Reconciliation.Decision {
  /// Whether the run is carried out.
  var isWork: Bool {
    switch self {
    case .run, .retry, .repeat: true
    case .cached, .failedBefore, .leftOut, .blocked, .pruned: false
    }
  }
}
