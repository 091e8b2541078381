package import Experiments

/// What a scheduler decides, without doing any of it: a value, so that every order of events can
/// be tested.
///
/// Workers are numbered in the order they are started. A run is in one place at a time: held back
/// until what it needs has succeeded, waiting, in the hands of one worker, or done.
package struct SchedulerState {
  /// How a run's attempt ended by itself.
  package enum Ending: Hashable { case succeeded, failed, stopped }

  package enum Event: Hashable {
    case began
    /// A worker's process is up.
    case launched(worker: Int)
    /// A worker's process could not be started.
    case launchFailed(worker: Int)
    /// The run got to this step.
    case progressed(run: RunID, step: Int)
    /// A worker is done with its run; ready for the next, unless its process is `gone`.
    case ended(worker: Int, Ending, gone: Bool = false)
    /// A worker's process is gone.
    case exited(worker: Int)
    /// The user wants everything to stop: first after a checkpoint, then at once.
    case interrupted
  }

  package enum Action: Hashable {
    case launch(worker: Int)
    case assign(RunID, worker: Int)
    /// Lets an idle worker go.
    case dismiss(worker: Int)
    /// Asks a worker to stop after a checkpoint.
    case terminate(worker: Int)
    case kill(worker: Int)
    /// The attempt's process died; the run waits for its next attempt.
    case restart(RunID, crashed: Bool)
    /// The run crashed too often without getting anywhere.
    case giveUp(RunID)
    /// The run will not be carried out, because `source` failed, which it needs.
    case cancel(RunID, source: RunID)
    case finish(Outcome)
  }

  /// How the whole ended.
  package enum Outcome: Hashable { case done, stopped, killed, noWorkers }

  private enum Stage: Hashable { case starting, idle, busy(RunID), leaving }
  private enum Mode { case working, draining, killing, failing, finished }

  /// Attempts in a row that may crash without getting further than any before.
  package static let patience = 3
  /// Workers in a row that may fail to start.
  package static let launchPatience = 3

  private let jobs: Int
  private var waiting: [RunID]
  private var next = 0
  /// Runs that need others, and what has not succeeded yet of those.
  private var heldBack: [RunID: Set<RunID>] = [:]
  /// The runs that need a run, in the order of the queue.
  private var dependants: [RunID: [RunID]] = [:]
  private var workers: [Int: Stage] = [:]
  private var workerCount = 0
  /// Runs that want a process which has carried out none before.
  private let solitary: Set<RunID>
  /// Workers that have had a run.
  private var used: Set<Int> = []
  private var failedLaunches = 0
  private var crashes: [RunID: Int]
  private var farthest: [RunID: Int]
  private var mode = Mode.working

  /// - Parameters:
  ///   - queue: the runs to carry out, in order, each once.
  ///   - crashes: how often each has crashed already without getting further.
  ///   - farthest: the last step each has ever reached.
  ///   - solitary: the runs that are to be alone in their process.
  ///   - needs: the runs that each starts from; those that are not in the queue are done.
  package init(
    queue: [RunID], jobs: Int, crashes: [RunID: Int] = [:], farthest: [RunID: Int] = [:],
    solitary: Set<RunID> = [], needs: [RunID: [RunID]] = [:]
  ) {
    let queued = Set(queue)
    for run in queue {
      let needed = Set(needs[run] ?? []).intersection(queued)
      if !needed.isEmpty { heldBack[run] = needed }
      for source in needed { dependants[source, default: []].append(run) }
    }
    waiting = queue.filter { [heldBack] in heldBack[$0] == nil }
    self.jobs = max(1, jobs)
    self.solitary = solitary
    self.crashes = crashes
    self.farthest = farthest
  }

  /// Runs in the hands of workers.
  package var running: [RunID] {
    workers.sorted { $0.key < $1.key }.compactMap { _, stage in
      if case .busy(let run) = stage { run } else { nil }
    }
  }

  /// Runs that wait for a worker, or for what they start from.
  package var waitingCount: Int { readyCount + heldBack.count }

  private var readyCount: Int { waiting.count - next }

  package mutating func handle(_ event: Event) -> [Action] {
    guard mode != .finished else { return [] }
    var actions: [Action] = []
    switch event {
    case .began:
      break
    case .launched(let worker):
      guard workers[worker] == .starting else { break }
      failedLaunches = 0
      workers[worker] = .idle
    case .launchFailed(let worker):
      guard workers.removeValue(forKey: worker) != nil else { break }
      failedLaunches += 1
      if failedLaunches >= Self.launchPatience, mode == .working {
        mode = .failing
        actions += workers.keys.sorted().map { .terminate(worker: $0) }
      }
    case .progressed(let run, let step):
      if step > farthest[run, default: 0] {
        farthest[run] = step
        crashes[run] = 0
      }
    case .ended(let worker, let ending, let gone):
      guard case .busy(let run) = workers[worker] else { break }
      workers[worker] = gone || ending == .stopped ? .leaving : .idle
      switch ending {
      case .succeeded: release(run)
      case .failed: actions += cancelDependants(of: run)
      case .stopped:
        waiting.append(run)
        // As a rule it ends by itself; one that does not gets no more orders and so ends as well.
        if !gone { actions.append(.dismiss(worker: worker)) }
      }
    case .exited(let worker):
      guard let stage = workers.removeValue(forKey: worker) else { break }
      if case .busy(let run) = stage { actions += lose(run) }
    case .interrupted:
      actions += interrupt()
    }
    return actions + proceed()
  }

  private mutating func lose(_ run: RunID) -> [Action] {
    guard mode == .working else {
      waiting.append(run)
      return [.restart(run, crashed: mode != .killing)]
    }
    crashes[run, default: 0] += 1
    if crashes[run, default: 0] >= Self.patience {
      return [.giveUp(run)] + cancelDependants(of: run)
    }
    waiting.append(run)
    return [.restart(run, crashed: true)]
  }

  /// `source` has succeeded: what needed nothing else comes next.
  private mutating func release(_ source: RunID) {
    let freed = (dependants[source] ?? []).filter { run in
      guard heldBack[run]?.remove(source) != nil, heldBack[run]?.isEmpty == true else {
        return false
      }
      heldBack[run] = nil
      return true
    }
    waiting.insert(contentsOf: freed, at: next)
  }

  /// `source` has failed: what needs it, itself or through others, will not be carried out.
  private mutating func cancelDependants(of source: RunID) -> [Action] {
    var actions: [Action] = []
    var failed = [source]
    while let run = failed.popLast() {
      for dependant in dependants[run] ?? [] where heldBack.removeValue(forKey: dependant) != nil {
        actions.append(.cancel(dependant, source: source))
        failed.append(dependant)
      }
    }
    return actions
  }

  private mutating func interrupt() -> [Action] {
    let present = workers.keys.sorted()
    switch mode {
    case .working, .failing:
      mode = .draining
      return present.compactMap { worker in
        if case .busy = workers[worker] { .terminate(worker: worker) } else { nil }
      }
    case .draining:
      mode = .killing
      return present.map { .kill(worker: $0) }
    case .killing, .finished:
      return []
    }
  }

  private var isNextSolitary: Bool {
    next < waiting.count && solitary.contains(waiting[next])
  }

  /// Gives idle workers work or leave, starts workers where work waits, and notices the end.
  private mutating func proceed() -> [Action] {
    var actions: [Action] = []
    for worker in workers.keys.sorted() where workers[worker] == .idle {
      if mode == .working, next < waiting.count, !(isNextSolitary && used.contains(worker)) {
        let run = waiting[next]
        next += 1
        used.insert(worker)
        workers[worker] = .busy(run)
        actions.append(.assign(run, worker: worker))
      } else {
        workers[worker] = .leaving
        actions.append(.dismiss(worker: worker))
      }
    }
    if mode == .working {
      let starting = workers.values.count { $0 == .starting }
      // Whoever leaves still has its memory, which a run that wants to be alone may need.
      let active = workers.values.count { isNextSolitary || $0 != .leaving }
      for _ in 0..<max(0, min(jobs - active, readyCount - starting)) {
        workers[workerCount] = .starting
        actions.append(.launch(worker: workerCount))
        workerCount += 1
      }
    }
    if workers.isEmpty {
      let outcome: Outcome =
        switch mode {
        case .working, .finished: .done
        case .draining: .stopped
        case .killing: .killed
        case .failing: .noWorkers
        }
      mode = .finished
      actions.append(.finish(outcome))
    }
    return actions
  }
}
