import Experiments
import RunStorage
import Training

extension RunLedger {
  /// The group a run is pruned in; one that is timed is in none: it cannot be interrupted.
  private static func bracket(of run: ResolvedRun) -> PlanBracket? {
    run.spec.schedule.timing == nil ? run.bracket : nil
  }

  /// The groups of the plan, with what the store knows of their runs.
  ///
  /// - Parameter decisions: what is to become of each run.
  func groups(
    _ decisions: [RunID: Reconciliation.Decision], _ records: [RunID: RunRecord]
  ) throws -> [BracketProgress.Group] {
    var order: [String] = []
    var runs: [String: [ResolvedRun]] = [:]
    for run in plan.runs {
      guard let bracket = Self.bracket(of: run) else { continue }
      if runs[bracket.id] == nil { order.append(bracket.id) }
      runs[bracket.id, default: []].append(run)
    }
    return try order.compactMap { id in
      guard let members = runs[id], let bracket = members.first?.bracket else { return nil }
      let rungs = bracket.rule.rungs(before: members.map(\.spec.schedule.steps).max() ?? 0)
      return BracketProgress.Group(
        rule: bracket.rule,
        members: try members.map { run in
          try member(run, bracket, rungs, decisions[run.id] ?? .leftOut, records[run.id])
        })
    }
  }

  private func member(
    _ run: ResolvedRun, _ bracket: PlanBracket, _ rungs: [Int], _ decision: Reconciliation.Decision,
    _ record: RunRecord?
  ) throws -> BracketProgress.Member {
    var member = BracketProgress.Member(run: run.id, steps: run.spec.schedule.steps)
    switch decision {
    case .cached: member.isComplete = true
    case .failedBefore, .blocked: member.isOver = true
    case .run, .retry, .repeat, .leftOut, .pruned: break
    }
    // What is repeated has nothing that counts any more.
    guard let record, decision != .repeat else { return member }
    if decision == .pruned { member.prunedAt = record.prunedStep }
    let curves = try writer.store.run(run.id.rawValue).curves
    // The points of a step may be there in part only, unless there is one of a later step, or the
    // run stopped there for its group.
    let last = curves.values.compactMap(\.last?.step).max() ?? 0
    let stopped = last > 0 ? try writer.crashRecord(run.id).stoppedStep : 0
    for rung in rungs where rung < member.steps {
      guard rung < last || rung <= stopped || member.isComplete || rung <= record.prunedStep ?? 0
      else { break }
      member.reached.updateValue(
        bracket.value(in: curves, of: run.spec, at: rung), forKey: rung)
    }
    return member
  }

  /// Runs that can do nothing before others of their group get on, or that are behind these: were
  /// they among those that a limit lets through, nobody would ever get on.
  ///
  /// - Parameter unlimited: what would become of each run without a limit.
  func heldBack(_ unlimited: Reconciliation) throws -> Set<RunID> {
    guard plan.runs.contains(where: { Self.bracket(of: $0) != nil }) else { return [] }
    let decisions = Dictionary(
      unlimited.decisions.map { ($0.run.id, $0.decision) }, uniquingKeysWith: { first, _ in first })
    var held: Set<RunID> = []
    for group in try groups(decisions, records) {
      var progress = BracketProgress(rule: group.rule, members: group.members)
      while progress.decide() != nil {}
      held.formUnion(
        progress.runs.filter { !progress.isRacing($0) || progress.isWaiting($0) })
    }
    return held
  }

  /// What a run has reached at a step that its group is compared at.
  func value(of id: RunID, at step: Int) throws -> Double? {
    guard let run = run(id), let bracket = run.bracket else { return nil }
    let curves = try writer.store.run(id.rawValue).curves
    return bracket.value(in: curves, of: run.spec, at: step)
  }
}
