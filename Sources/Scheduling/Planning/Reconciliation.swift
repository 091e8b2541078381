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
  /// Runs that failed in an earlier round of the same call, and are not tried once more.
  public var failedNow: Set<RunID> = []
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
    zip(runs, choices).map { (run: $0, decision: $1) }
  }

  /// What becomes of the run at a place of the plan.
  public func decision(at place: Int) -> Decision { choices[place] }
  /// For each run that is blocked, the one that failed.
  public private(set) var failedSources: [RunID: RunID] = [:]
  private let runs: [ResolvedRun]
  /// The decision for each of `runs`.
  private var choices: [Decision] = []

  /// - Parameters:
  ///   - incomplete: runs that have succeeded and whose adapter is gone.
  ///   - heldBack: runs that wait for others of their group, so that a limit leaves them out.
  /// - Throws: where `only` names a field that no run has.
  public init(
    _ plan: ResolvedPlan, records: [RunID: RunRecord], options: ScheduleOptions,
    incomplete: Set<RunID> = [], heldBack: Set<RunID> = []
  ) throws(RunFilterError) {
    runs = plan.runs
    let fitting = try options.only.map { only throws(RunFilterError) in
      try Self.fitting(only, runs.map(\.spec))
    }
    let sources = Self.sourcePlaces(runs)
    let known = runs.map { records[$0.id] }
    func decide(_ place: Int, isAsked: Bool) -> Decision {
      Self.decide(runs[place], known[place], options, isAsked: isAsked)
    }
    // What each run would like, and what those that do something need of others.
    var wishes = runs.indices.map { place in
      fitting?[place] ?? true
        ? decide(place, isAsked: true)
        : known[place]?.state == .succeeded ? .cached : .leftOut
    }
    func need(_ place: Int) {
      let own = wishes[place]
      if own == .leftOut { wishes[place] = decide(place, isAsked: false) }
      if own == .cached, incomplete.contains(runs[place].id) { wishes[place] = .repeat }
      // What is done needs nothing any more.
      let wish = wishes[place]
      if wish.isWork, own != wish { sources[place, default: []].forEach(need) }
    }
    for place in runs.indices where wishes[place].isWork {
      sources[place, default: []].forEach(need)
    }
    var left = options.limit ?? .max
    choices = wishes
    for place in Self.sourcesFirst(runs.count, sources) {
      guard wishes[place].isWork else { continue }
      let sources = sources[place, default: []]
      let failed = sources.first { choices[$0] == .failedBefore || choices[$0] == .blocked }
      if let failed {
        choices[place] = .blocked
        failedSources[runs[place].id] = failedSources[runs[failed].id] ?? runs[failed].id
      } else if left == 0 || heldBack.contains(runs[place].id)
        || sources.contains(where: { choices[$0] == .leftOut })
      {
        choices[place] = .leftOut
      } else {
        left -= 1
      }
    }
  }

  /// Which of `specs` fit.
  private static func fitting(
    _ filter: RunFilter, _ specs: [RunSpec]
  ) throws(RunFilterError) -> [Bool] {
    // They come back in their order.
    var rest = try filter.matching(specs)[...]
    return specs.map { spec in
      guard rest.first == spec else { return false }
      rest = rest.dropFirst()
      return true
    }
  }

  /// The places of what runs start from, of those that start from others.
  private static func sourcePlaces(_ runs: [ResolvedRun]) -> [Int: [Int]] {
    guard runs.contains(where: { !$0.sources.isEmpty }) else { return [:] }
    let places = Dictionary(zip(runs.map(\.id), runs.indices)) { first, _ in first }
    return Dictionary(
      uniqueKeysWithValues: runs.indices.filter { !runs[$0].sources.isEmpty }.map {
        ($0, runs[$0].sources.compactMap { places[$0] })
      })
  }

  /// The places of a plan in its order, but each after those that it starts from.
  private static func sourcesFirst(_ count: Int, _ sources: [Int: [Int]]) -> [Int] {
    guard !sources.isEmpty else { return Array(0..<count) }
    var order: [Int] = []
    var met: Set<Int> = []
    func visit(_ place: Int) {
      guard met.insert(place).inserted else { return }
      sources[place, default: []].forEach(visit)
      order.append(place)
    }
    (0..<count).forEach(visit)
    return order
  }

  /// The runs that are carried out, in order.
  public var work: [ResolvedRun] {
    zip(runs, choices).filter { $1.isWork }.map(\.0)
  }

  public func count(_ decision: Decision) -> Int { choices.count { $0 == decision } }

  /// - Parameter isAsked: whether the run is asked for itself, not as the source of another only.
  private static func decide(
    _ run: ResolvedRun, _ record: RunRecord?, _ options: ScheduleOptions, isAsked: Bool
  ) -> Decision {
    let isForced = options.force && isAsked
    switch record?.state {
    case .pruned where isAsked && run.bracket != nil && !isForced: return .pruned
    case nil, .queued, .running, .lost, .cancelled, .pruned:
      return isForced ? .repeat : .run
    case .succeeded:
      return isForced ? .repeat : .cached
    case .failed:
      if isForced { return .repeat }
      if options.failedNow.contains(run.id) { return .failedBefore }
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
