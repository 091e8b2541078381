import Experiments
import Scheduling
import Testing

@Suite("Who comes next")
struct PlacementTests {
  private let runs = (0..<6).map { RunID(rawValue: "\($0)") }

  /// Even runs have one backbone of 100 bytes, odd ones another; each kind is a backbone's.
  private func memory(
    budget: Int? = nil, peaks: [String: Int] = [:], mayReorder: Bool = true
  ) -> MemoryAdmission {
    MemoryAdmission(
      footprints: Dictionary(
        uniqueKeysWithValues: runs.enumerated().map { place, run in
          let name = place % 2 == 0 ? "even" : "odd"
          return (run, MemoryAdmission.Footprint(kind: name, backbone: name, weights: 100))
        }),
      peaks: peaks, budget: budget, mayReorder: mayReorder)
  }

  /// The order in which one worker is given all of the runs.
  private func order(_ state: SchedulerState) -> [String] {
    var state = state
    var order: [String] = []
    var actions = state.handle(.began) + state.handle(.launched(worker: 0))
    while let run = actions.compactMap({ action -> RunID? in
      if case .assign(let run, _, _) = action { run } else { nil }
    }).first {
      order.append(run.rawValue)
      actions = state.handle(.ended(worker: 0, .succeeded))
    }
    return order
  }

  @Test("a worker keeps its backbone as long as runs want it, unless the order is a wish")
  func affinity() {
    #expect(
      order(SchedulerState(queue: runs, jobs: 1, memory: memory())) == [
        "0", "2", "4", "1", "3", "5",
      ]
    )
    #expect(
      order(SchedulerState(queue: runs, jobs: 1, memory: memory(mayReorder: false)))
        == ["0", "1", "2", "3", "4", "5"])
    // Not beyond a higher priority.
    #expect(
      order(
        SchedulerState(
          queue: runs, jobs: 1, priorities: [runs[1]: 1, runs[4]: 1], memory: memory())
      ) == ["1", "4", "0", "2", "3", "5"])
  }

  @Test("a run is started where memory is free; one alone always is")
  func admission() {
    // Two of a kind need 100 + 2 · 60, one of each 200 + 120.
    var state = SchedulerState(
      queue: runs, jobs: 3, memory: memory(budget: 230, peaks: ["even": 60, "odd": 60]))
    #expect(state.handle(.began) == [.launch(worker: 0), .launch(worker: 1)])
    #expect(state.handle(.launched(worker: 0)) == [.assign(runs[0], worker: 0)])
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[2], worker: 1)])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.assign(runs[4], worker: 0)])
    // Nothing fits beside the one that is left.
    #expect(state.handle(.ended(worker: 1, .succeeded)) == [.dismiss(worker: 1)])
    #expect(state.handle(.exited(worker: 1)).isEmpty)
    // More is free now, then less than a single run is said to need.
    #expect(
      state.handle(.looked(budget: 1000, peaks: [:])) == [.launch(worker: 2), .launch(worker: 3)])
    #expect(state.handle(.looked(budget: 10, peaks: [:])).isEmpty)
    #expect(state.handle(.launched(worker: 2)) == [.dismiss(worker: 2)])
    #expect(state.handle(.launched(worker: 3)) == [.dismiss(worker: 3)])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.assign(runs[1], worker: 0)])
  }

  @Test("what is seen of a run counts for those like it")
  func peaks() {
    var admission = memory(budget: 250)
    #expect(admission.admits(runs[2], beside: [runs[0]]))
    admission.saw(80, of: runs[0])
    #expect(!admission.admits(runs[2], beside: [runs[0]]))
    #expect(admission.need(of: [runs[0], runs[2]]) == 260)
    // What was never seen is taken to need as much.
    #expect(admission.need(of: [runs[1]]) == 180)
  }

  @Test("others that help are more workers; when they leave, the newest stop at a checkpoint")
  func capacity() {
    var state = SchedulerState(queue: runs, jobs: 1)
    #expect(state.handle(.began) == [.launch(worker: 0)])
    _ = state.handle(.launched(worker: 0))
    #expect(state.handle(.capacity(3)) == [.launch(worker: 1), .launch(worker: 2)])
    _ = state.handle(.launched(worker: 1))
    #expect(state.handle(.launched(worker: 2)) == [.assign(runs[2], worker: 2)])
    #expect(state.handle(.capacity(1)) == [.terminate(worker: 1), .terminate(worker: 2)])
    // Once is enough.
    #expect(state.handle(.capacity(1)).isEmpty)
    #expect(state.handle(.ended(worker: 1, .stopped)) == [.dismiss(worker: 1)])
    #expect(state.handle(.exited(worker: 1)).isEmpty)
    #expect(state.handle(.ended(worker: 2, .succeeded)) == [.dismiss(worker: 2)])
    #expect(state.handle(.ended(worker: 0, .succeeded)) == [.assign(runs[3], worker: 0)])
  }

  @Test("a pause stops what is in hand and starts nothing; an interruption ends it")
  func suspension() {
    var state = SchedulerState(queue: Array(runs[..<2]), jobs: 1)
    _ = state.handle(.began)
    _ = state.handle(.launched(worker: 0))
    #expect(state.handle(.suspended) == [.terminate(worker: 0)])
    #expect(state.handle(.ended(worker: 0, .stopped)) == [.dismiss(worker: 0)])
    #expect(state.handle(.exited(worker: 0)).isEmpty)
    var stopped = state
    #expect(stopped.handle(.interrupted) == [.finish(.stopped)])
    #expect(state.handle(.resumed) == [.launch(worker: 1)])
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[1], worker: 1)])
    // With nothing left to do there is nothing to wait for.
    _ = state.handle(.ended(worker: 1, .succeeded))
    #expect(state.handle(.suspended) == [.terminate(worker: 1)])
    #expect(state.handle(.ended(worker: 1, .succeeded)) == [.dismiss(worker: 1)])
    #expect(state.handle(.exited(worker: 1)) == [.finish(.done)])
  }

  @Test("a run that is tried again comes first, in a fresh process")
  func again() {
    var state = SchedulerState(queue: Array(runs[..<2]), jobs: 1)
    _ = state.handle(.began)
    _ = state.handle(.launched(worker: 0))
    #expect(state.handle(.ended(worker: 0, .again, gone: true)) == [.launch(worker: 1)])
    #expect(state.handle(.exited(worker: 0)).isEmpty)
    #expect(state.handle(.launched(worker: 1)) == [.assign(runs[0], worker: 1)])
  }
}
