import Experiments
import Foundation
import RunStorage

extension Scheduler {
  /// Turns a worker's report into an event of the state.
  func receive(
    _ report: WorkerProcess.Report, from worker: Int
  ) throws -> SchedulerState.Outcome? {
    switch report {
    case .launched(let pid):
      crew.launched(worker, pid: pid)
      return try carryOut(state.handle(.launched(worker: worker)))
    case .failedToLaunch(let reason):
      crew.launchFailure = reason
      // Had it been launched after all, then it is gone now, and its run with it.
      let event: SchedulerState.Event =
        crew.attempt(of: worker) == nil ? .launchFailed(worker: worker) : .exited(worker: worker)
      return try leave(worker, reason: reason, event)
    case .replied(let reply):
      guard let attempt = crew.attempt(of: worker), attempt.order.id == reply.id,
        attempt.order.attempt == reply.attempt
      else { return nil }
      if let outcome = try fold(worker) { return outcome }
      // As a rule the journal has told the ending, and the worker has the next order in hand.
      guard crew.attempt(of: worker)?.order == attempt.order else { return nil }
      // It is done, but its journal does not say so: it could not be written.
      return try settle(
        worker, failure: RunFailure(.file, reply.problem ?? "the journal has no ending"))
    case .exited(let reason, let wasKilled):
      if wasKilled { crew.foundKilled(worker) }
      return try leave(worker, reason: reason, .exited(worker: worker))
    }
  }

  /// A worker's process is gone: what its journal says last counts, then that it is gone.
  private func leave(
    _ worker: Int, reason: String, _ event: SchedulerState.Event
  ) throws -> SchedulerState.Outcome? {
    crew.exitReasons[worker] = reason
    let journal = crew.attempt(of: worker)?.order.journalPath
    if let outcome = try fold(worker) { return outcome }
    if let journal { Journal.trim(path: journal) }
    let outcome = try carryOut(state.handle(event))
    crew.remove(worker)
    return outcome
  }

  /// Looks into the journal of every running attempt.
  func foldAll() throws -> SchedulerState.Outcome? {
    try ledger?.writer.takeInbox()
    if let outcome = try lookAround() { return outcome }
    for worker in crew.busy {
      if let outcome = try fold(worker) { return outcome }
    }
    if let ledger, let seconds = ledger.pace.secondsLeft(waiting: state.waitingCount) {
      notify(.estimate(seconds: seconds))
    }
    return nil
  }

  /// Takes what a worker's journal has gained into the store, and its ending, if it has one.
  func fold(_ worker: Int) throws -> SchedulerState.Outcome? {
    guard let attempt = crew.attempt(of: worker), let writer = ledger?.writer else { return nil }
    let run = attempt.order.id
    let folded: FoldedEvents
    do {
      folded = try writer.fold(
        run, attempt: attempt.order.attempt, journal: attempt.order.journalPath,
        isFinal: { [ledger] in ledger?.isFinal($0, of: run) ?? true })
    } catch StoreError.journal(let detail) {
      // The worker may still be at it, but what it says cannot be understood any more.
      crew.kill(worker)
      crew.exitReasons[worker] = "its journal is damaged"
      return try settle(worker, failure: RunFailure(.file, detail))
    }
    for event in folded.events {
      if case .started(let start) = event, let steps = start.steps {
        ledger?.pace.counted(run, steps: steps)
      }
      notify(.reported(run, event))
    }
    ledger?.pace.reached(run, step: folded.lastStep)
    var outcome = try carryOut(
      state.handle(.progressed(run: run, step: folded.lastStep)))
    guard let ending = folded.ending else { return outcome }
    // A worker whose process is gone already must not be given the next run.
    let gone = crew.exitReasons[worker] != nil
    crew.release(worker)
    ledger?.pace.ended(run)
    switch ending {
    case .succeeded(let summary):
      if let outcome = try judge(run, attempt.order.pauseAt) { return outcome }
      try ledger?.finish(run)
      notify(.succeeded(run, summary))
      outcome = try carryOut(state.handle(.ended(worker: worker, .succeeded, gone: gone)))
    case .failed(let failure):
      // A worker that tells of too little memory ends with that, seen or not. (Swift 6.3 crashes
      // on `||` here.)
      let leaves = failure.kind == .memory ? true : gone
      if leaves { crew.dismiss(worker) }
      let isFinal = try end(run, attempt.order.attempt, failure)
      outcome = try carryOut(
        state.handle(.ended(worker: worker, isFinal ? .failed : .again, gone: leaves)))
    case .stopped(let step):
      notify(.stopped(run, step: step))
      outcome = try carryOut(state.handle(.ended(worker: worker, .stopped, gone: gone)))
    case .paused(let step):
      if let outcome = try judge(run, attempt.order.pauseAt) { return outcome }
      notify(.paused(run, step: step))
      outcome = try carryOut(state.handle(.ended(worker: worker, .paused, gone: gone)))
    case .started, .metric, .checkpoint:
      break
    }
    return outcome
  }

  /// Tells the state what a run has reached at the step that its group is compared at.
  private func judge(_ run: RunID, _ step: Int?) throws -> SchedulerState.Outcome? {
    guard let step, let ledger else { return nil }
    let value = try ledger.value(of: run, at: step)
    return try carryOut(state.handle(.judged(run: run, step: step, value: value)))
  }

  /// An attempt has failed, and the store knows it.
  ///
  /// - Returns: whether that is the end of the run.
  private func end(_ run: RunID, _ attempt: Int, _ failure: RunFailure) throws -> Bool {
    guard let ledger, ledger.isFinal(failure, of: run) else {
      self.ledger?.shrinkParts(of: run)
      notify(.retried(run, failure, partRows: ledger?.partRows(of: run) ?? 1))
      return false
    }
    let whole = ledger.explained(failure, of: run)
    if whole != failure { try ledger.writer.explain(run, attempt: attempt, whole) }
    try ledger.finish(run)
    notify(.failed(run, whole))
    return true
  }

  /// Ends an attempt as failed that cannot tell so itself.
  private func settle(
    _ worker: Int, failure: RunFailure
  ) throws -> SchedulerState.Outcome? {
    guard let attempt = crew.attempt(of: worker) else { return nil }
    let run = attempt.order.id
    try ledger?.writer.fail(run, attempt: attempt.order.attempt, failure)
    crew.release(worker)
    ledger?.pace.ended(run)
    try ledger?.finish(run)
    notify(.failed(run, failure))
    let gone = crew.exitReasons[worker] != nil
    return try carryOut(state.handle(.ended(worker: worker, .failed, gone: gone)))
  }
}
