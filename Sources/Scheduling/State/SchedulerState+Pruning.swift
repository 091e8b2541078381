package import Experiments

extension BracketProgress {
  /// A group as it is when a scheduler begins.
  package struct Group: Hashable {
    package var rule: PruningRule
    /// In plan order, with those that nobody carries out this time.
    package var members: [Member]

    package init(rule: PruningRule, members: [Member]) {
      self.rule = rule
      self.members = members
    }
  }
}

extension SchedulerState {
  /// Decides what can be decided of a group: who goes on, who is given up.
  ///
  /// - Parameter isFirst: whether nothing of the group has been decided by this scheduler.
  mutating func settle(_ place: Int, isFirst: Bool = false) -> [Action] {
    var actions: [Action] = []
    var isChanged = isFirst
    while let verdict = brackets[place].decide() {
      isChanged = true
      if !verdict.pruned.isEmpty { actions.append(.prune(verdict.pruned, step: verdict.step)) }
      for run in verdict.eliminated { actions += cancelDependants(of: run) }
    }
    guard isChanged else { return actions }
    for run in brackets[place].runs.reversed() {
      if !brackets[place].isRacing(run) {
        heldBack[run] = nil
        waiting.remove(run)
        resting.remove(run)
      } else if waiting.contains(run), brackets[place].isWaiting(run) {
        waiting.remove(run)
        resting.insert(run)
      } else if resting.contains(run), !brackets[place].isWaiting(run) {
        resting.remove(run)
        waiting.insert(run)
      }
    }
    return actions
  }

  /// A run needs nothing of others any more: it waits for a worker, or for its group.
  mutating func admit(_ run: RunID) {
    if let place = places[run], brackets[place].isWaiting(run) {
      resting.insert(run)
    } else {
      waiting.insert(run)
    }
  }
}
