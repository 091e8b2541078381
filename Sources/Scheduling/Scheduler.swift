import Experiments
import Foundation
import RunStorage

/// Carries out a plan: what is missing, each run in a worker process, until everything is done.
///
/// An actor because workers, the clock and the user speak to it at once; it only does what
/// `SchedulerState` decides. **Ownership.** While it runs it is the store's one writer.
/// **Crashes.** Whatever is killed, workers or the scheduler itself, starting again goes on from
/// the checkpoints; every run finishes once.
public actor Scheduler {
  enum Input: Sendable {
    case worker(Int, WorkerProcess.Report)
    case tick
    case interrupt
  }

  let setup: ScheduleSetup
  let options: ScheduleOptions
  let plan: ResolvedPlan
  let notify: @Sendable (ScheduleEvent) -> Void
  private let inputs: AsyncStream<Input>
  let feed: AsyncStream<Input>.Continuation

  var state = SchedulerState(queue: [], jobs: 1)
  var crew = WorkerCrew()
  var ledger: RunLedger?
  /// Whether somebody has paused the experiment.
  var isSuspended = false

  /// - Parameter notify: told what happens, on the scheduler's own thread: it should be quick.
  public init(
    _ plan: ResolvedPlan, setup: ScheduleSetup, options: ScheduleOptions = ScheduleOptions(),
    notify: @escaping @Sendable (ScheduleEvent) -> Void = { _ in }
  ) {
    self.plan = plan
    self.setup = setup
    self.options = options
    self.notify = notify
    (inputs, feed) = AsyncStream.makeStream()
  }

  /// Asks everything to stop: the first time after a checkpoint, the second time at once.
  public nonisolated func interrupt() { feed.yield(.interrupt) }

  /// Carries out the plan.
  ///
  /// - Returns: what came of it, and with it the exit code.
  /// - Throws: `StoreError`, `ScheduleError`, or `RunFilterError` for the options.
  public func run() async throws -> ScheduleSummary {
    // Writing to a worker that has just died is not the end of the scheduler.
    signal(SIGPIPE, SIG_IGN)
    let writer = try StoreWriter(home: setup.home, purpose: plan.experiment)
    Conclusion.clear(home: setup.home)
    let orphans = Orphans(
      writer: writer, home: setup.home, patience: setup.orphanPatience, retries: setup.retries)
    for attempt in try await orphans.end() {
      notify(.recovered(attempt.run, attempt: attempt.number))
    }
    var ledger = RunLedger(writer: writer, setup: setup, plan: plan, order: options.order)
    let (work, blocked) = try ledger.reconcile(options)
    notify(.planned(try ledger.summary(), toRun: work.count + blocked.count))
    for (run, source) in blocked { notify(.cancelled(run, source: source)) }
    state = try ledger.initialState(for: work, jobs: options.jobs)
    self.ledger = ledger
    let clock = Task { [feed, interval = setup.foldInterval] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(interval))
        feed.yield(.tick)
      }
    }
    defer {
      clock.cancel()
      // The lock of the store goes with it, even while somebody still holds this scheduler.
      self.ledger = nil
    }
    do {
      let outcome = try await serve()
      return try conclude(outcome)
    } catch {
      // The store or a folder failed: nothing of the workers may outlive this.
      await crew.stopAll()
      throw error
    }
  }

  private func serve() async throws -> SchedulerState.Outcome {
    if let outcome = try lookAround() { return outcome }
    if let outcome = try carryOut(state.handle(.began)) { return outcome }
    for await input in inputs {
      let outcome =
        switch input {
        case .tick: try foldAll()
        case .interrupt: try carryOut(state.handle(.interrupted))
        case .worker(let number, let report): try receive(report, from: number)
        }
      if let outcome { return outcome }
    }
    return .killed
  }

  private func conclude(_ outcome: SchedulerState.Outcome) throws -> ScheduleSummary {
    guard let ledger else { preconditionFailure("the scheduler ended before it began") }
    try ledger.writer.checkpoint()
    if outcome == .noWorkers {
      throw ScheduleError.noWorkers(
        executable: setup.worker.executable, reason: crew.launchFailure)
    }
    var summary = try ledger.summary()
    summary.wasStopped = outcome == .stopped
    summary.wasKilled = outcome == .killed
    if !Companion.living(home: setup.home, experiment: plan.experiment).isEmpty {
      Conclusion.leave(summary, home: setup.home)
    }
    return summary
  }
}
