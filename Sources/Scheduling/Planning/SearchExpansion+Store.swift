public import Experiments
public import RunStorage

extension SearchExpansion {
  /// What the store tells of the searches of `plan` before any of it is carried out: a candidate is
  /// out where it failed and would again.
  ///
  /// - Parameter store: `nil` where nothing was ever run.
  /// - Throws: `StoreError`, or `RunFilterError` for the options.
  public init(
    _ plan: ResolvedPlan, in store: RunStore?, options: ScheduleOptions = ScheduleOptions()
  ) throws {
    guard plan.runs.contains(where: { $0.search != nil }) else {
      self.init(plan) { _ in .open }
      return
    }
    let records = try store?.records() ?? [:]
    let reconciliation = try Reconciliation(plan, records: records, options: options)
    let undone = Set(
      reconciliation.decisions.filter { $0.decision.isWork || $0.decision == .leftOut }
        .map(\.run.id))
    try self.init(plan, in: store, records: records) { undone.contains($0.id) }
  }

  /// What the store tells of the searches of `plan` once everything in it was carried out that
  /// could be.
  ///
  /// - Throws: `StoreError`.
  public init(finished plan: ResolvedPlan, in store: RunStore) throws {
    let records = try store.records()
    try self.init(plan, in: store, records: records) { run in
      switch records[run.id]?.state {
      case .failed, .cancelled, .pruned: false
      case nil, .queued, .running, .lost, .succeeded: true
      }
    }
  }

  private init(
    _ plan: ResolvedPlan, in store: RunStore?, records: [RunID: RunRecord],
    isOpen: (ResolvedRun) -> Bool
  ) throws {
    let candidates = plan.runs.filter { $0.search != nil }.map(\.id)
    let scores = try store?.scores(of: candidates) ?? [:]
    self.init(plan) { run in
      if records[run.id]?.state == .succeeded { return .scored(scores[run.id] ?? [:]) }
      return isOpen(run) ? .open : .out
    }
  }
}

extension SearchExpansion {
  /// Runs like those that the winners of searches which are not decided will be carried out in: for
  /// a forecast.
  public var expected: [RunSpec] {
    groups.flatMap { group -> [RunSpec] in
      guard case .open = group.verdict, let likely = group.candidates.first else { return [] }
      return Array(repeating: likely.spec, count: group.replicates)
    }
  }
}
