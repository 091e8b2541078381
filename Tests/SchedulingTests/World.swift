import Experiments
import Scheduling
import Testing

/// A small world in which decisions come true: workers start, work, stop and die at random.
struct World {
  enum Worker: Hashable { case starting, idle, working(RunID, step: Int), leaving }

  var state: SchedulerState
  var random: SystemOfChance
  var workers: [Int: Worker] = [:]
  var finished: [RunID: Int] = [:]
  var givenUp: Set<RunID> = []
  var checkpoints: [RunID: Int] = [:]
  var outcome: SchedulerState.Outcome?
  let steps: Int
  let jobs: Int
  /// Chances in a hundred that a worker dies instead of getting on.
  let deadliness: Int
  let solitary: Set<RunID>
  /// What each run starts from.
  let needs: [RunID: [RunID]]
  var cancelled: [RunID: RunID] = [:]
  /// Chances in a hundred that a run fails where it would succeed.
  var misfortune = 0
  /// Workers that have had a run.
  var used: Set<Int> = []
  /// Where each run in hand stops to wait for its group.
  var pauses: [RunID: Int] = [:]
  var pruned: [RunID: Int] = [:]
  /// What each run reaches on validation.
  var value: (RunID, Int) -> Double = { run, _ in Double(run.rawValue) ?? 0 }
  /// What was told of it.
  var values: [RunID: [Int: Double?]] = [:]

  init(
    seed: UInt64, runs: Int, jobs: Int, steps: Int, deadliness: Int, solitary: [Int] = [],
    needs: [RunID: [RunID]] = [:], brackets: [BracketProgress.Group] = [],
    checkpoints: [RunID: Int] = [:], finished: [RunID: Int] = [:], givenUp: Set<RunID> = []
  ) {
    self.checkpoints = checkpoints
    self.finished = finished
    self.givenUp = givenUp
    self.solitary = Set(solitary.map { RunID(rawValue: "\($0)") })
    self.needs = needs
    state = SchedulerState(
      queue: (0..<runs).map { RunID(rawValue: "\($0)") }
        .filter { finished[$0] == nil && !givenUp.contains($0) },
      jobs: jobs, solitary: self.solitary, needs: needs, brackets: brackets)
    random = SystemOfChance(state: seed)
    self.steps = steps
    self.jobs = jobs
    self.deadliness = deadliness
  }

  mutating func send(_ event: SchedulerState.Event) {
    for action in state.handle(event) {
      #expect(outcome == nil, "nothing happens after the end")
      switch action {
      case .launch(let worker):
        #expect(workers[worker] == nil)
        workers[worker] = .starting
      case .assign(let run, let worker, let pause):
        #expect(workers[worker] == .idle)
        #expect(finished[run] == nil && !givenUp.contains(run))
        for case .working(let other, _) in workers.values { #expect(other != run) }
        #expect(cancelled[run] == nil)
        for source in needs[run] ?? [] { #expect(finished[source] == 1) }
        if solitary.contains(run) { #expect(!used.contains(worker)) }
        used.insert(worker)
        workers[worker] = .working(run, step: checkpoints[run, default: 0])
        pauses[run] = pause
        #expect(pruned[run] == nil)
      case .dismiss(let worker):
        #expect(workers[worker] == .idle)
        workers[worker] = .leaving
      case .terminate, .kill, .restart: break
      case .giveUp(let run): givenUp.insert(run)
      case .cancel(let run, let source):
        #expect(cancelled[run] == nil && finished[run] == nil)
        #expect(givenUp.contains(source))
        cancelled[run] = source
      case .prune(let runs, let step):
        for run in runs {
          #expect(pruned[run] == nil && finished[run] == nil)
          pruned[run] = step
        }
      case .finish(let outcome): self.outcome = outcome
      }
    }
    #expect(workers.values.count { $0 != .leaving } <= jobs)
  }

  /// Something happens to one of the workers.
  mutating func advance() {
    guard let worker = workers.keys.sorted().randomElement(using: &random),
      let stage = workers[worker]
    else { return }
    let dies = Int.random(in: 0..<100, using: &random) < deadliness
    switch stage {
    case .starting where dies && deadliness < 100:
      workers[worker] = nil
      send(.launchFailed(worker: worker))
    case .starting:
      workers[worker] = .idle
      send(.launched(worker: worker))
    case .working(_, _) where dies:
      workers[worker] = nil
      send(.exited(worker: worker))
    case .working(let run, let step) where pauses[run].map({ step >= $0 }) ?? false:
      let rung = pauses[run] ?? 0
      values[run, default: [:]][rung] = value(run, rung)
      workers[worker] = .idle
      send(.judged(run: run, step: rung, value: value(run, rung)))
      send(.ended(worker: worker, .paused))
    case .working(let run, let step)
    where step == steps && Int.random(in: 0..<100, using: &random) < misfortune:
      givenUp.insert(run)
      workers[worker] = .idle
      send(.ended(worker: worker, .failed))
    case .working(let run, let step) where step == steps:
      finished[run, default: 0] += 1
      workers[worker] = .idle
      send(.ended(worker: worker, .succeeded))
    case .working(let run, let step):
      workers[worker] = .working(run, step: step + 1)
      checkpoints[run] = step + 1
      send(.progressed(run: run, step: step + 1))
    case .idle, .leaving:
      workers[worker] = nil
      send(.exited(worker: worker))
    }
  }
}

/// Reproducible randomness.
struct SystemOfChance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
