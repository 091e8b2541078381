import Experiments
import Scheduling
import Testing

@Suite("Groups that are pruned")
struct PrunedWorldTests {
  private static func id(_ number: Int) -> RunID { RunID(rawValue: "\(number)") }
  private static let steps = 12
  private static let rule = PruningRule.successiveHalving(factor: 2, from: 3)

  private static func group(
    _ runs: Range<Int>, _ change: (inout BracketProgress.Member) -> Void = { _ in }
  ) -> BracketProgress.Group {
    BracketProgress.Group(
      rule: rule,
      members: runs.map { number in
        var member = BracketProgress.Member(run: id(number), steps: steps)
        change(&member)
        return member
      })
  }

  /// Later runs are better, except that the order changes between the rungs.
  private static func value(_ run: RunID, _ step: Int) -> Double {
    let number = Int(run.rawValue) ?? 0
    return Double(step < 6 ? number : (number * 5) % 8)
  }

  private static func world(seed: UInt64, jobs: Int, deadliness: Int) -> World {
    var world = World(
      seed: seed, runs: 8, jobs: jobs, steps: steps, deadliness: deadliness,
      brackets: [group(0..<8)])
    world.value = value
    return world
  }

  @Test("come to the same end, in whatever order their runs are carried out", arguments: [1, 3, 8])
  func order(jobs: Int) {
    for seed in 0..<150 {
      var world = Self.world(seed: UInt64(seed), jobs: jobs, deadliness: seed % 3 * 4)
      world.send(.began)
      for _ in 0..<9000 where world.outcome == nil { world.advance() }
      guard world.outcome == .done, world.givenUp.isEmpty else { continue }
      // 4 … 7 go on after step 3; of these 5 (value 1) and 6 (value 6), 7 (value 3), 4 (value 4).
      #expect(world.pruned.filter { $0.value == 3 }.keys.sorted() == (0..<4).map(Self.id))
      #expect(world.pruned.filter { $0.value == 6 }.keys.sorted() == [Self.id(5), Self.id(7)])
      #expect(world.finished.keys.sorted() == [Self.id(4), Self.id(6)])
    }
  }

  @Test("come to the same end when the scheduler is killed at any moment and starts again")
  func interruption() {
    for seed in 0..<200 {
      var world = Self.world(seed: UInt64(seed), jobs: 2, deadliness: 0)
      var pruned: [RunID: Int] = [:]
      for round in 0..<6 {
        world.send(.began)
        for _ in 0..<(round == 5 ? 9000 : seed % 40) where world.outcome == nil { world.advance() }
        pruned.merge(world.pruned) { first, second in
          #expect(first == second)
          return first
        }
        if world.outcome != nil { break }
        let before = world
        var next = World(
          seed: UInt64(seed + round * 1000), runs: 8, jobs: 2, steps: Self.steps, deadliness: 0,
          brackets: [
            Self.group(0..<8) { member in
              let run = member.run
              member.isComplete = before.finished[run] != nil
              member.prunedAt = pruned[run]
              for rung in [3, 6]
              where rung < before.checkpoints[run, default: 0] || rung <= pruned[run] ?? 0 {
                member.reached[rung] = Self.value(run, rung)
              }
            }
          ], checkpoints: before.checkpoints, finished: before.finished)
        next.value = Self.value
        world = next
      }
      #expect(world.outcome == .done)
      #expect(pruned.filter { $0.value == 3 }.keys.sorted() == (0..<4).map(Self.id))
      #expect(pruned.filter { $0.value == 6 }.keys.sorted() == [Self.id(5), Self.id(7)])
      #expect(world.finished.keys.sorted() == [Self.id(4), Self.id(6)])
    }
  }

  @Test("go on without a run that failed, and without one whose source failed")
  func failures() {
    let runs = (0..<4).map(Self.id)
    var state = SchedulerState(
      queue: runs + [Self.id(9)], jobs: 1, needs: [runs[3]: [Self.id(9)]],
      priorities: [Self.id(9): 1], brackets: [Self.group(0..<4)])
    _ = state.handle(.began)
    #expect(state.handle(.launched(worker: 0)) == [.assign(Self.id(9), worker: 0)])
    // Not even three of four are to be compared before the fourth has got there or cannot.
    #expect(
      state.handle(.ended(worker: 0, .failed)) == [
        .cancel(runs[3], source: Self.id(9)), .assign(runs[0], worker: 0, pauseAt: 3),
      ])
    _ = state.handle(.judged(run: runs[0], step: 3, value: 0.1))
    #expect(
      state.handle(.ended(worker: 0, .paused)) == [.assign(runs[1], worker: 0, pauseAt: 3)])
    #expect(
      state.handle(.ended(worker: 0, .failed)) == [.assign(runs[2], worker: 0, pauseAt: 3)])
    #expect(state.waitingCount == 1)
    _ = state.handle(.judged(run: runs[2], step: 3, value: 0.2))
    // Two of four go on: all that are left; after the next rung the better one of them.
    #expect(
      state.handle(.ended(worker: 0, .paused)) == [.assign(runs[0], worker: 0, pauseAt: 6)])
    _ = state.handle(.judged(run: runs[0], step: 6, value: 0.1))
    #expect(
      state.handle(.ended(worker: 0, .paused)) == [.assign(runs[2], worker: 0, pauseAt: 6)])
    _ = state.handle(.judged(run: runs[2], step: 6, value: 0.2))
    #expect(
      state.handle(.ended(worker: 0, .paused)) == [
        .prune([runs[0]], step: 6), .assign(runs[2], worker: 0),
      ])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.dismiss(worker: 0)])
    #expect(state.handle(.exited(worker: 0)) == [.finish(.done)])
  }

  @Test("wait for runs that nobody carries out this time, and cancel what starts from a pruned one")
  func others() {
    let runs = (0..<3).map(Self.id)
    var waiting = SchedulerState(
      queue: [runs[0]], jobs: 1, brackets: [Self.group(0..<2)])
    _ = waiting.handle(.began)
    #expect(waiting.handle(.launched(worker: 0)) == [.assign(runs[0], worker: 0, pauseAt: 3)])
    _ = waiting.handle(.judged(run: runs[0], step: 3, value: 0.3))
    #expect(waiting.handle(.ended(worker: 0, .paused)) == [.dismiss(worker: 0)])
    #expect(waiting.waitingCount == 1)
    #expect(waiting.handle(.exited(worker: 0)) == [.finish(.done)])

    var group = Self.group(0..<2)
    group.members[1].isComplete = true
    group.members[1].reached = [3: 0.9, 6: 0.9]
    var state = SchedulerState(
      queue: [runs[0], runs[2]], jobs: 1, needs: [runs[2]: [runs[0]]], brackets: [group])
    _ = state.handle(.began)
    _ = state.handle(.launched(worker: 0))
    _ = state.handle(.judged(run: runs[0], step: 3, value: 0.3))
    #expect(
      state.handle(.ended(worker: 0, .paused)) == [
        .prune([runs[0]], step: 3), .cancel(runs[2], source: runs[0]), .dismiss(worker: 0),
      ])
    #expect(state.waitingCount == 0)
  }

  @Test("take a run back that was pruned, where the plan has grown by worse ones")
  func revival() {
    let runs = (0..<4).map(Self.id)
    func group(_ count: Int) -> BracketProgress.Group {
      Self.group(0..<count) { member in
        let number = Int(member.run.rawValue) ?? 0
        if number == 1 { member.isComplete = true }
        if number < 2 { member.reached = [3: Double(number), 6: Double(number)] }
        if number == 0 { member.prunedAt = 3 }
      }
    }
    // As it was: nothing happens.
    var same = SchedulerState(queue: [runs[0]], jobs: 1, brackets: [group(2)])
    #expect(same.handle(.began) == [.finish(.done)])
    // With two more that are worse, two of four go on.
    var grown = SchedulerState(
      queue: [runs[0], runs[2], runs[3]], jobs: 1, brackets: [group(4)])
    _ = grown.handle(.began)
    #expect(grown.handle(.launched(worker: 0)) == [.assign(runs[2], worker: 0, pauseAt: 3)])
    _ = grown.handle(.judged(run: runs[2], step: 3, value: -1))
    _ = grown.handle(.ended(worker: 0, .paused))
    _ = grown.handle(.judged(run: runs[3], step: 3, value: -2))
    // At step 6 the better one of the two that are left is complete, so the other is given up.
    #expect(
      grown.handle(.ended(worker: 0, .paused)) == [
        .prune([runs[2], runs[3]], step: 3), .prune([runs[0]], step: 6), .dismiss(worker: 0),
      ])
  }
}
