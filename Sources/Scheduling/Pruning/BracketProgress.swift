package import Experiments

/// How far a group of runs has come that are pruned against each other.
///
/// A rung is decided once all who take part in it have got there, or cannot any more. What is
/// decided follows from the values at the rungs alone, so that it can be worked out again from what
/// the store has, whoever was killed in between.
package struct BracketProgress: Hashable {
  /// One run of the group.
  package struct Member: Hashable {
    package let run: RunID
    /// The steps of the whole run.
    package let steps: Int
    /// The rungs it has got to, each with its value there; no value where it was not judged.
    package var reached: [Int: Double?]
    /// Whether it gets no further: it failed, or will not be carried out.
    package var isOver: Bool
    /// Whether it has succeeded, so that there is nothing left to give up.
    package var isComplete: Bool
    /// The rung at which it was given up by an earlier scheduler.
    package var prunedAt: Int?

    package init(
      run: RunID, steps: Int, reached: [Int: Double?] = [:], isOver: Bool = false,
      isComplete: Bool = false, prunedAt: Int? = nil
    ) {
      self.run = run
      self.steps = steps
      self.reached = reached
      self.isOver = isOver
      self.isComplete = isComplete
      self.prunedAt = prunedAt
    }
  }

  /// What the decision of one rung means for the runs of the group.
  package struct Verdict: Hashable {
    package var step: Int
    package var survivors: [RunID]
    /// Those to be given up: what is complete, over anyhow, or was given up here before, is not
    /// among them.
    package var pruned: [RunID]
    /// All that will not succeed any more.
    package var eliminated: [RunID]
  }

  package let rule: PruningRule
  private let rungs: [Int]
  private var level = 0
  private var members: [RunID: Member]
  /// Who has survived every rung so far, in plan order.
  private var entrants: [RunID]
  private var racing: Set<RunID>

  /// - Parameter members: in plan order.
  package init(rule: PruningRule, members: [Member]) {
    self.rule = rule
    rungs = rule.rungs(before: members.map(\.steps).max() ?? 0)
    runs = members.map(\.run)
    entrants = runs
    racing = Set(entrants)
    self.members = Dictionary(members.map { ($0.run, $0) }) { first, _ in first }
  }

  /// The next step at which the group is compared; `nil`: there is none any more.
  private var rung: Int? { level < rungs.count ? rungs[level] : nil }

  /// The step at which a run has to stop and wait for the others; `nil`: it may go on to its end.
  package func pause(of run: RunID) -> Int? {
    guard let rung, let member = members[run], member.steps > rung, racing.contains(run) else {
      return nil
    }
    return rung
  }

  /// Whether a run has got to the next rung and others have not.
  package func isWaiting(_ run: RunID) -> Bool {
    pause(of: run).map { members[run]?.reached[$0] != nil } ?? false
  }

  /// The runs of the group, in plan order.
  package let runs: [RunID]

  /// Whether a run is still in the race.
  package func isRacing(_ run: RunID) -> Bool { racing.contains(run) }

  package mutating func reach(_ run: RunID, step: Int, value: Double?) {
    members[run]?.reached.updateValue(value, forKey: step)
  }

  package mutating func end(_ run: RunID) { members[run]?.isOver = true }
  package mutating func complete(_ run: RunID) { members[run]?.isComplete = true }

  /// Decides the next rung, if all are there.
  package mutating func decide() -> Verdict? {
    guard let rung else { return nil }
    let present = entrants.compactMap { members[$0] }.filter { $0.steps > rung }
    guard present.allSatisfy({ $0.isOver || $0.isComplete || $0.reached[rung] != nil }) else {
      return nil
    }
    let places = rule.survivors(of: present.map { $0.reached[rung] ?? nil })
    let surviving = Set(places)
    var (pruned, eliminated): ([RunID], [RunID]) = ([], [])
    for (place, member) in present.enumerated() where !surviving.contains(place) {
      if member.isComplete { continue }
      eliminated.append(member.run)
      if member.isOver { continue }
      if member.prunedAt != rung { pruned.append(member.run) }
      members[member.run]?.prunedAt = rung
    }
    entrants = places.map { present[$0].run }
    racing = Set(entrants)
    for run in entrants {
      if let step = members[run]?.prunedAt, step <= rung { members[run]?.prunedAt = nil }
    }
    level += 1
    return Verdict(step: rung, survivors: entrants, pruned: pruned, eliminated: eliminated)
  }
}
