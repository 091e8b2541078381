import Experiments
import Scheduling
import Testing

@Suite("The scheduler's decisions")
struct SchedulerStateTests {
  @Test("finish every run exactly once, whatever dies in between", arguments: [1, 2, 5])
  func everyRunOnce(jobs: Int) {
    for seed in 0..<400 {
      var world = World(seed: UInt64(seed), runs: 7, jobs: jobs, steps: 4, deadliness: 15)
      world.send(.began)
      for _ in 0..<5000 where world.outcome == nil { world.advance() }
      if world.outcome == .noWorkers { continue }
      #expect(world.outcome == .done)
      #expect(world.finished.count + world.givenUp.count == 7)
      #expect(world.finished.values.allSatisfy { $0 == 1 })
      #expect(world.givenUp.isDisjoint(with: world.finished.keys))
    }
  }

  @Test("come to an end when interrupted at any moment, with no run in anyone's hands")
  func interruption() {
    for seed in 0..<400 {
      var world = World(seed: UInt64(seed), runs: 9, jobs: 3, steps: 4, deadliness: 5)
      world.send(.began)
      for _ in 0..<(seed % 60) where world.outcome == nil { world.advance() }
      let wasOver = world.outcome != nil
      world.send(.interrupted)
      if seed % 3 == 0 { world.send(.interrupted) }
      for _ in 0..<5000 where world.outcome == nil { world.advance() }
      #expect(world.outcome != nil)
      if !wasOver { #expect(world.outcome == (seed % 3 == 0 ? .killed : .stopped)) }
      #expect(world.state.running.isEmpty)
    }
  }

  @Test("give a run up after three crashes that got no further, and go on with the others")
  func patience() {
    let runs = [RunID(rawValue: "a"), RunID(rawValue: "b")]
    var state = SchedulerState(queue: runs, jobs: 1)
    #expect(state.handle(.began) == [.launch(worker: 0)])
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[0], worker: 0)])
    #expect(state.handle(.progressed(run: runs[0], step: 5)).isEmpty)
    #expect(
      state.handle(.exited(worker: 0)) == [.restart(runs[0], crashed: true), .launch(worker: 1)])
    // The lost run waits behind the others.
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[1], worker: 1)])
    #expect(
      state.handle(.ended(worker: 1, .succeeded)) == [.assign(runs[0], worker: 1)])
    #expect(state.handle(.progressed(run: runs[0], step: 5)).isEmpty)
    #expect(
      state.handle(.exited(worker: 1)) == [.restart(runs[0], crashed: true), .launch(worker: 2)])
    _ = state.handle(.launched(worker: 2))
    #expect(state.handle(.exited(worker: 2)) == [.giveUp(runs[0]), .finish(.done)])
  }

  @Test("terminate busy workers on the first interruption and kill them on the second")
  func signals() {
    var state = SchedulerState(queue: [RunID(rawValue: "a"), RunID(rawValue: "b")], jobs: 1)
    _ = state.handle(.began)
    _ = state.handle(.launched(worker: 0))
    #expect(state.handle(.interrupted) == [.terminate(worker: 0)])
    #expect(state.handle(.ended(worker: 0, .stopped)) == [.dismiss(worker: 0)])
    #expect(state.handle(.interrupted) == [.kill(worker: 0)])
    #expect(state.handle(.exited(worker: 0)) == [.finish(.killed)])
    #expect(state.handle(.interrupted).isEmpty)
  }

  @Test("end at once where there is nothing to do")
  func nothing() {
    var state = SchedulerState(queue: [], jobs: 4)
    #expect(state.handle(.began) == [.finish(.done)])
  }

  @Test("end when no worker can be started")
  func noWorkers() {
    var state = SchedulerState(queue: [RunID(rawValue: "a")], jobs: 1)
    _ = state.handle(.began)
    #expect(state.handle(.launchFailed(worker: 0)) == [.launch(worker: 1)])
    #expect(state.handle(.launchFailed(worker: 1)) == [.launch(worker: 2)])
    #expect(state.handle(.launchFailed(worker: 2)) == [.finish(.noWorkers)])
  }

  @Test("do not give a run to a worker whose process is gone")
  func goneWorkers() {
    let runs = [RunID(rawValue: "a"), RunID(rawValue: "b")]
    var state = SchedulerState(queue: runs, jobs: 1)
    _ = state.handle(.began)
    _ = state.handle(.launched(worker: 0))
    #expect(
      state.handle(.ended(worker: 0, .succeeded, gone: true)) == [.launch(worker: 1)])
    #expect(state.handle(.exited(worker: 0)).isEmpty)
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[1], worker: 1)])
  }

  @Test("give a run that wants to be alone a process that had none, once the others are gone")
  func solitaryRuns() {
    let runs = ["a", "b", "c", "d"].map(RunID.init(rawValue:))
    var state = SchedulerState(queue: runs, jobs: 1, solitary: [runs[1], runs[2]])
    #expect(state.handle(.began) == [.launch(worker: 0)])
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[0], worker: 0)])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.dismiss(worker: 0)])
    #expect(state.handle(.exited(worker: 0)) == [.launch(worker: 1)])
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[1], worker: 1)])
    #expect(state.handle(.ended(worker: 1, .failed)) == [.dismiss(worker: 1)])
    #expect(state.handle(.exited(worker: 1)) == [.launch(worker: 2)])
    #expect(state.handle(.launched(worker: 2)) == [.assign(runs[2], worker: 2)])
    // Whoever does not mind takes what is there.
    #expect(state.handle(.ended(worker: 2, .succeeded)) == [.assign(runs[3], worker: 2)])
    #expect(state.handle(.ended(worker: 2, .succeeded)) == [.dismiss(worker: 2)])
    #expect(state.handle(.exited(worker: 2)) == [.finish(.done)])
  }

  private static func id(_ number: Int) -> RunID { RunID(rawValue: "\(number)") }

  @Test("carry out runs after those that they start from, or cancel them", arguments: [1, 2, 5])
  func sources(jobs: Int) {
    for seed in 0..<300 {
      var chance = SystemOfChance(state: UInt64(seed) &+ 99)
      // Later runs start from some of those with a smaller number, in an order of their own.
      var needs: [RunID: [RunID]] = [:]
      for run in 1..<9 {
        needs[Self.id(run)] = (0..<run).filter { _ in Int.random(in: 0..<4, using: &chance) == 0 }
          .map(Self.id)
      }
      var world = World(
        seed: UInt64(seed), runs: 9, jobs: jobs, steps: 3, deadliness: 8, needs: needs)
      world.misfortune = 12
      world.send(.began)
      for _ in 0..<8000 where world.outcome == nil { world.advance() }
      if world.outcome == .noWorkers { continue }
      #expect(world.outcome == .done)
      #expect(world.finished.count + world.givenUp.count + world.cancelled.count == 9)
      #expect(world.state.waitingCount == 0)
      for (run, source) in world.cancelled {
        // The failed one is the source of the run, or of a source that was cancelled with it.
        let direct = needs[run] ?? []
        #expect(direct.contains(source) || direct.contains { world.cancelled[$0] == source })
      }
      for run in world.finished.keys {
        #expect((needs[run] ?? []).allSatisfy { world.finished[$0] == 1 })
      }
    }
  }

  @Test("a source that fails stops what starts from it and nothing else, and is named")
  func failedSource() {
    let runs = (0..<4).map(Self.id)
    var state = SchedulerState(
      queue: runs, jobs: 1, needs: [runs[1]: [runs[0]], runs[2]: [runs[1]]])
    #expect(state.waitingCount == 4)
    _ = state.handle(.began)
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[0], worker: 0)])
    #expect(
      state.handle(.ended(worker: 0, .failed)) == [
        .cancel(runs[1], source: runs[0]), .cancel(runs[2], source: runs[0]),
        .assign(runs[3], worker: 0),
      ])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.dismiss(worker: 0)])
    #expect(state.handle(.exited(worker: 0)) == [.finish(.done)])
  }

  @Test("a run comes right after the last of its sources; one that is done already counts as such")
  func readiness() {
    let runs = (0..<4).map(Self.id)
    var state = SchedulerState(
      queue: runs, jobs: 2, needs: [runs[0]: [runs[1], runs[2], Self.id(77)]])
    #expect(state.handle(.began) == [.launch(worker: 0), .launch(worker: 1)])
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[1], worker: 0)])
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[2], worker: 1)])
    #expect(state.handle(.ended(worker: 1, .succeeded)) == [.assign(runs[3], worker: 1)])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.assign(runs[0], worker: 0)])
    // A source that was stopped is not done, and nobody gives up on what needs it.
    var stopped = SchedulerState(queue: Array(runs[..<2]), jobs: 1, needs: [runs[1]: [runs[0]]])
    _ = stopped.handle(.began)
    _ = stopped.handle(.launched(worker: 0))
    _ = stopped.handle(.interrupted)
    #expect(stopped.handle(.ended(worker: 0, .stopped)) == [.dismiss(worker: 0)])
    #expect(stopped.handle(.exited(worker: 0)) == [.finish(.stopped)])
    #expect(stopped.waitingCount == 2)
  }

  @Test("a worker that has nothing to do while a source is carried out is let go and replaced")
  func idleWorkers() {
    let runs = (0..<3).map(Self.id)
    var state = SchedulerState(
      queue: runs, jobs: 2, needs: [runs[1]: [runs[0]], runs[2]: [runs[0]]])
    #expect(state.handle(.began) == [.launch(worker: 0)])
    _ = state.handle(.launched(worker: 0))
    #expect(
      state.handle(.ended(worker: 0, .succeeded))
        == [.assign(runs[1], worker: 0), .launch(worker: 1)])
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[2], worker: 1)])
  }

  @Test("runs that need each other in a circle are left, and the others done")
  func circle() {
    let runs = (0..<3).map(Self.id)
    var state = SchedulerState(
      queue: runs, jobs: 1, needs: [runs[0]: [runs[1]], runs[1]: [runs[0]]])
    _ = state.handle(.began)
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[2], worker: 0)])
    _ = state.handle(.ended(worker: 0, .succeeded))
    #expect(state.handle(.exited(worker: 0)) == [.finish(.done)])
  }

  @Test("finish runs that want to be alone exactly once too", arguments: [1, 3])
  func solitaryWorld(jobs: Int) {
    for seed in 0..<200 {
      var world = World(
        seed: UInt64(seed), runs: 7, jobs: jobs, steps: 3, deadliness: 10, solitary: [1, 2, 5])
      world.send(.began)
      for _ in 0..<5000 where world.outcome == nil { world.advance() }
      if world.outcome == .noWorkers { continue }
      #expect(world.outcome == .done)
      #expect(world.finished.count + world.givenUp.count == 7)
    }
  }
}
