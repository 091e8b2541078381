import Experiments

extension SchedulerState {
  /// Runs that are looked at to find one whose backbone a worker has, or that fits into memory.
  private static let outlook = 512

  private var isNextSolitary: Bool { waiting.first.map(solitary.contains) ?? false }

  /// The run that a worker is to have next, beside those that are carried out.
  private func next(for worker: Int, beside others: [RunID]) -> RunID? {
    guard let head = waiting.first else { return nil }
    if solitary.contains(head) {
      return !used.contains(worker) && memory.admits(head, beside: others) ? head : nil
    }
    var choice: RunID?
    for run in waiting.equals(limit: Self.outlook)
    where !solitary.contains(run) && memory.admits(run, beside: others) {
      if !memory.mayReorder || !used.contains(worker) || memory.hasBackbone(of: run, in: worker) {
        return run
      }
      choice = choice ?? run
    }
    return choice
  }

  /// How many of the waiting runs could be started now, beside those in hand; at most `limit`.
  private func startable(limit: Int) -> Int {
    guard limit > 0, memory.budget != nil else { return min(limit, waiting.count) }
    var others = running
    var count = 0
    for run in waiting.equals(limit: Self.outlook) where count < limit {
      guard memory.admits(run, beside: others) else { continue }
      others.append(run)
      count += 1
    }
    return count
  }

  /// Gives idle workers work or leave, starts workers where work waits, and notices the end.
  mutating func proceed() -> [Action] {
    guard hasBegun else { return [] }
    var actions: [Action] = []
    var active = workers.values.count { $0 != .leaving }
    for worker in workers.keys.sorted() where workers[worker] == .idle {
      if mode == .working, active <= jobs, let run = next(for: worker, beside: running) {
        waiting.remove(run)
        used.insert(worker)
        memory.load(run, in: worker)
        workers[worker] = .busy(run)
        let pause = places[run].flatMap { brackets[$0].pause(of: run) }
        actions.append(.assign(run, worker: worker, pauseAt: pause))
      } else {
        workers[worker] = .leaving
        active -= 1
        actions.append(.dismiss(worker: worker))
      }
    }
    if mode == .working {
      let starting = workers.values.count { $0 == .starting }
      // Whoever leaves still has its memory, which a run that wants to be alone may need.
      let present = workers.values.count { isNextSolitary || $0 != .leaving }
      let room = max(0, jobs - present)
      for _ in 0..<max(0, min(room, startable(limit: room + starting) - starting)) {
        workers[workerCount] = .starting
        actions.append(.launch(worker: workerCount))
        workerCount += 1
      }
    }
    if workers.isEmpty, let outcome {
      mode = .finished
      actions.append(.finish(outcome))
    }
    return actions
  }

  /// What it comes to that there is no worker; `nil`: somebody has to let the work go on first.
  private var outcome: Outcome? {
    switch mode {
    case .working, .finished: .done
    case .suspended: waiting.isEmpty ? .done : nil
    case .draining: .stopped
    case .killing: .killed
    case .failing: .noWorkers
    }
  }
}
