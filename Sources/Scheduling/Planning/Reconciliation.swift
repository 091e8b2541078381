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
  }

  /// One decision for each run of the plan, in its order.
  public var decisions: [(run: ResolvedRun, decision: Decision)] {
    Array(zip(runs, choices)).map { (run: $0.0, decision: $0.1) }
  }
  private var runs: [ResolvedRun]
  private var choices: [Decision] = []

  /// - Throws: where `only` names a field that no run has.
  public init(
    _ plan: ResolvedPlan, records: [RunID: RunRecord], options: ScheduleOptions
  ) throws(RunFilterError) {
    runs = plan.runs
    let fitting = try options.only.map { only throws(RunFilterError) in
      Set(try only.matching(plan.runs.map(\.spec)))
    }
    var left = options.limit ?? .max
    for run in runs {
      if let fitting, !fitting.contains(run.spec) {
        choices.append(records[run.id]?.state == .succeeded ? .cached : .leftOut)
        continue
      }
      let choice = Self.decide(records[run.id], options)
      switch choice {
      case .run, .retry, .repeat:
        choices.append(left > 0 ? choice : .leftOut)
        left -= left > 0 ? 1 : 0
      case .cached, .failedBefore, .leftOut:
        choices.append(choice)
      }
    }
  }

  /// The runs that are carried out, in order.
  public var work: [ResolvedRun] {
    decisions.filter { [.run, .retry, .repeat].contains($0.decision) }.map(\.run)
  }

  public func count(_ decision: Decision) -> Int { choices.count { $0 == decision } }

  private static func decide(_ record: RunRecord?, _ options: ScheduleOptions) -> Decision {
    switch record?.state {
    case nil, .queued, .running, .lost, .cancelled:
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
