package import Experiments

/// What a scheduler decides, without doing any of it: a value, so that every order of events can
/// be tested.
///
/// Workers are numbered in the order they are started. A run is in one place at a time: held back
/// until what it needs has succeeded, waiting, in the hands of one worker, resting until the others
/// of its group have got as far, or done.
package struct SchedulerState {
  /// How a run's attempt ended by itself.
  package enum Ending: Hashable {
    case succeeded, failed, stopped
    /// It got to the step that its group is compared at.
    case paused
    /// It failed and is carried out again, otherwise; its process is no use any more.
    case again
  }

  package enum Event: Hashable {
    case began
    /// A worker's process is up.
    case launched(worker: Int)
    /// A worker's process could not be started.
    case launchFailed(worker: Int)
    /// The run got to this step.
    case progressed(run: RunID, step: Int)
    /// What the run had reached on validation at a step that its group is compared at.
    case judged(run: RunID, step: Int, value: Double?)
    /// A worker is done with its run; ready for the next, unless its process is `gone`.
    case ended(worker: Int, Ending, gone: Bool = false)
    /// A worker's process is gone.
    case exited(worker: Int)
    /// What there is of memory, and the most that the runs of busy workers were seen to have.
    case looked(budget: Int?, peaks: [Int: Int])
    /// So many runs may be carried out at the same time from now on.
    case capacity(Int)
    /// Nothing more is started; what is in hand stops after a checkpoint.
    case suspended
    /// Work goes on after `suspended`.
    case resumed
    /// The user wants everything to stop: first after a checkpoint, then at once.
    case interrupted
  }

  package enum Action: Hashable {
    case launch(worker: Int)
    /// Gives a worker a run; it stops at step `pauseAt` to wait for its group.
    case assign(RunID, worker: Int, pauseAt: Int? = nil)
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
    /// The runs are given up at a step, because others of their group are better.
    case prune([RunID], step: Int)
    case finish(Outcome)
  }

  /// How the whole ended.
  package enum Outcome: Hashable { case done, stopped, killed, noWorkers }

  enum Stage: Hashable { case starting, idle, busy(RunID), leaving }
  enum Mode { case working, suspended, draining, killing, failing, finished }

  /// Attempts in a row that may crash without getting further than any before.
  package static let patience = RetryPolicy.standard.patience
  /// Workers in a row that may fail to start.
  package static let launchPatience = 3

  var jobs: Int
  var waiting: WaitingLine
  /// Runs that need others, and what has not succeeded yet of those.
  var heldBack: [RunID: Set<RunID>] = [:]
  /// The runs that need a run, in the order of the queue.
  private var dependants: [RunID: [RunID]] = [:]
  var brackets: [BracketProgress]
  /// The bracket of each run that has one.
  var places: [RunID: Int] = [:]
  /// Runs that have got as far as their group is to be compared.
  var resting: Set<RunID> = []
  var workers: [Int: Stage] = [:]
  var workerCount = 0
  /// Runs that want a process which has carried out none before.
  let solitary: Set<RunID>
  /// Workers that have had a run.
  var used: Set<Int> = []
  /// Workers that were asked to stop after a checkpoint.
  private var asked: Set<Int> = []
  var memory: MemoryAdmission
  private var failedLaunches = 0
  private var crashes: [RunID: Int]
  private var farthest: [RunID: Int]
  var mode = Mode.working
  /// Whether anything may be started.
  var hasBegun = false

  /// - Parameters:
  ///   - queue: the runs to carry out, in order, each once, with those that were pruned before.
  ///   - crashes: how often each has crashed already without getting further.
  ///   - farthest: the last step each has ever reached.
  ///   - solitary: the runs that are to be alone in their process.
  ///   - needs: the runs that each starts from; those that are not in the queue are done.
  ///   - priorities: higher comes first; 0 where nothing is said.
  ///   - brackets: the groups that are pruned, with all of their runs.
  ///   - memory: what runs need, and whether the order may be changed to keep backbones loaded.
  package init(
    queue: [RunID], jobs: Int, crashes: [RunID: Int] = [:], farthest: [RunID: Int] = [:],
    solitary: Set<RunID> = [], needs: [RunID: [RunID]] = [:], priorities: [RunID: Int] = [:],
    brackets: [BracketProgress.Group] = [], memory: MemoryAdmission = MemoryAdmission()
  ) {
    let queued = Set(queue)
    for run in queue {
      let needed = Set(needs[run] ?? []).intersection(queued)
      if !needed.isEmpty { heldBack[run] = needed }
      for source in needed { dependants[source, default: []].append(run) }
    }
    waiting = WaitingLine(
      queue.filter { [heldBack] in heldBack[$0] == nil }, priorities: priorities)
    self.jobs = max(1, jobs)
    self.solitary = solitary
    self.crashes = crashes
    self.farthest = farthest
    self.memory = memory
    self.brackets = brackets.map { BracketProgress(rule: $0.rule, members: $0.members) }
    for (place, group) in brackets.enumerated() {
      for member in group.members { places[member.run] = place }
    }
  }

  /// Runs in the hands of workers.
  package var running: [RunID] {
    workers.sorted { $0.key < $1.key }.compactMap { _, stage in
      if case .busy(let run) = stage { run } else { nil }
    }
  }

  /// Runs that wait for a worker, for what they start from, or for the others of their group.
  package var waitingCount: Int { waiting.count + heldBack.count + resting.count }

  package mutating func handle(_ event: Event) -> [Action] {
    guard mode != .finished else { return [] }
    var actions: [Action] = []
    switch event {
    case .began:
      hasBegun = true
      for place in brackets.indices { actions += settle(place, isFirst: true) }
    case .launched(let worker):
      guard workers[worker] == .starting else { break }
      failedLaunches = 0
      workers[worker] = .idle
    case .launchFailed(let worker):
      guard workers.removeValue(forKey: worker) != nil else { break }
      failedLaunches += 1
      if failedLaunches >= Self.launchPatience, mode == .working {
        mode = .failing
        actions += terminate(workers.keys.sorted())
      }
    case .progressed(let run, let step):
      if step > farthest[run, default: 0] {
        farthest[run] = step
        crashes[run] = 0
      }
    case .judged(let run, let step, let value):
      if let place = places[run] { brackets[place].reach(run, step: step, value: value) }
    case .ended(let worker, let ending, let gone):
      guard case .busy(let run) = workers[worker] else { break }
      let leaves = gone || ending == .stopped || ending == .again
      workers[worker] = leaves ? .leaving : .idle
      // As a rule it ends by itself; one that does not gets no more orders and so ends as well.
      if leaves, !gone { actions.append(.dismiss(worker: worker)) }
      actions += end(run, ending)
    case .exited(let worker):
      asked.remove(worker)
      memory.forget(worker)
      guard let stage = workers.removeValue(forKey: worker) else { break }
      if case .busy(let run) = stage { actions += lose(run) }
    case .looked(let budget, let peaks):
      memory.budget = budget
      for (worker, bytes) in peaks {
        if case .busy(let run)? = workers[worker] { memory.saw(bytes, of: run) }
      }
    case .capacity(let count):
      jobs = max(1, count)
      actions += shrink()
    case .suspended:
      guard mode == .working else { break }
      mode = .suspended
      actions += terminate(busyWorkers)
    case .resumed:
      if mode == .suspended { mode = .working }
    case .interrupted:
      actions += interrupt()
    }
    return actions + proceed()
  }

  private mutating func end(_ run: RunID, _ ending: Ending) -> [Action] {
    switch ending {
    case .succeeded:
      if let place = places[run] { brackets[place].complete(run) }
      release(run)
    case .failed:
      return fail(run)
    case .stopped:
      waiting.append(run)
    case .again:
      waiting.insert(run)
    case .paused:
      resting.insert(run)
    }
    return places[run].map { settle($0) } ?? []
  }

  private mutating func lose(_ run: RunID) -> [Action] {
    guard mode == .working else {
      waiting.append(run)
      return [.restart(run, crashed: mode != .killing)]
    }
    crashes[run, default: 0] += 1
    if crashes[run, default: 0] >= Self.patience { return [.giveUp(run)] + fail(run) }
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
    for run in freed.reversed() { admit(run) }
  }

  /// The run will not succeed: what needs it is cancelled, and its group goes on without it.
  private mutating func fail(_ run: RunID) -> [Action] {
    var actions = cancelDependants(of: run)
    if let place = places[run] {
      brackets[place].end(run)
      actions += settle(place)
    }
    return actions
  }

  /// `source` has failed: what needs it, itself or through others, will not be carried out.
  mutating func cancelDependants(of source: RunID) -> [Action] {
    var actions: [Action] = []
    var failed = [source]
    var groups: Set<Int> = []
    while let run = failed.popLast() {
      for dependant in dependants[run] ?? [] where heldBack.removeValue(forKey: dependant) != nil {
        actions.append(.cancel(dependant, source: source))
        failed.append(dependant)
        if let place = places[dependant] {
          brackets[place].end(dependant)
          groups.insert(place)
        }
      }
    }
    for place in groups.sorted() { actions += settle(place) }
    return actions
  }

  private var busyWorkers: [Int] {
    workers.keys.sorted().filter { worker in
      if case .busy = workers[worker] { true } else { false }
    }
  }

  /// Asks workers to stop after a checkpoint, each once.
  private mutating func terminate(_ chosen: [Int]) -> [Action] {
    chosen.filter { asked.insert($0).inserted }.map { .terminate(worker: $0) }
  }

  /// Fewer runs may be carried out than are: the newest workers stop after a checkpoint.
  private mutating func shrink() -> [Action] {
    guard mode == .working else { return [] }
    let staying = busyWorkers.filter { !asked.contains($0) }
    return terminate(Array(staying.dropFirst(jobs)))
  }

  private mutating func interrupt() -> [Action] {
    switch mode {
    case .working, .failing, .suspended:
      mode = .draining
      return terminate(busyWorkers)
    case .draining:
      mode = .killing
      return workers.keys.sorted().map { .kill(worker: $0) }
    case .killing, .finished:
      return []
    }
  }
}
