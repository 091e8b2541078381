import Experiments
import Foundation
import RunStorage
import Synchronization

/// A plan that several `dept run` may be asked for at once: one of them carries it out, the others
/// lend it their jobs, show the same progress and come to the same end. Whoever of the others is
/// left when the first dies or is stopped goes on.
public final class SharedSchedule: Sendable {
  /// What to do about a home in which another experiment is carried out.
  public enum Patience: Sendable {
    /// To say so.
    case none
    /// To wait for its end.
    case waits
  }

  private struct Interruption {
    var count = 0
    var scheduler: Scheduler?
  }

  private let plan: ResolvedPlan
  private let setup: ScheduleSetup
  private let options: ScheduleOptions
  private let patience: Patience
  private let notify: @Sendable (ScheduleEvent) -> Void
  private let interruption = Mutex(Interruption())

  /// - Parameter notify: told what happens here or in the process that carries the plan out.
  public init(
    _ plan: ResolvedPlan, setup: ScheduleSetup, options: ScheduleOptions = ScheduleOptions(),
    patience: Patience = .none, notify: @escaping @Sendable (ScheduleEvent) -> Void = { _ in }
  ) {
    self.plan = plan
    self.setup = setup
    self.options = options
    self.patience = patience
    self.notify = notify
  }

  /// Asks this process's share to stop: the first time after a checkpoint, the second time at once.
  public func interrupt() {
    let scheduler = interruption.withLock { state in
      state.count += 1
      return state.scheduler
    }
    scheduler?.interrupt()
  }

  private var interruptions: Int { interruption.withLock { $0.count } }

  /// Carries out the plan, or helps whoever does.
  ///
  /// - Throws: as `Scheduler.run` does; `StoreError.inUse` where another experiment is carried out
  ///   in this home and nobody wants to wait.
  public func run() async throws -> ScheduleSummary {
    var setup = setup
    // What others finish from now on was asked for here as well.
    setup.finishedBefore = Self.succeeded(home: setup.home)
    var misses = 0
    while true {
      let scheduler = Scheduler(plan, setup: setup, options: options, notify: notify)
      let earlier = interruption.withLock { state in
        state.scheduler = scheduler
        return state.count
      }
      for _ in 0..<earlier { scheduler.interrupt() }
      do {
        return try await scheduler.run()
      } catch let error as StoreError {
        interruption.withLock { $0.scheduler = nil }
        guard case .inUse(_, let pid, let experiment) = error else { throw error }
        if experiment == plan.experiment, !options.force {
          misses = 0
          let before = setup.finishedBefore ?? Self.succeeded(home: setup.home) ?? []
          if let summary = try await help(pid: pid, before: before) {
            return summary
          }
        } else if pid == 0, misses < 20 {
          // Whoever has the lock is about to say who it is, or to give it back.
          misses += 1
          try await Task.sleep(for: .milliseconds(50))
        } else if case .waits = patience {
          if interruptions > 0 { return stopped() }
          try await Task.sleep(for: .milliseconds(200))
        } else {
          throw error
        }
      }
    }
  }

  /// Lends this process's jobs to the one that carries the plan out, until that ends.
  ///
  /// - Returns: what came of the plan; `nil` where it is now this process's turn.
  private func help(pid: Int, before: Set<RunID>) async throws -> ScheduleSummary? {
    let companion = Companion(experiment: plan.experiment, jobs: options.jobs)
    let carrier = ProcessIdentity(pid: pid)
    try companion.announce(home: setup.home)
    defer { companion.withdraw(home: setup.home) }
    notify(.helping(pid: pid))
    var view = ProgressView(plan, home: setup.home, before: before)
    while carrier.isAlive, RunStore.isCarriedOut(plan.experiment, by: carrier, home: setup.home) {
      if interruptions > 0 { return stopped() }
      for event in view.news() { notify(event) }
      try await Task.sleep(for: .milliseconds(200))
    }
    for event in view.news() { notify(event) }
    guard interruptions == 0 else { return stopped() }
    return isOver ? Conclusion.of(carrier, home: setup.home) : nil
  }

  /// Whether nothing of the plan is left to be carried out.
  private var isOver: Bool {
    guard let records = try? RunStore(home: setup.home).records() else { return false }
    return plan.runs.allSatisfy { run in
      switch records[run.id]?.state {
      case .succeeded, .failed, .pruned, .cancelled: true
      case nil, .queued, .running, .lost: false
      }
    }
  }

  /// What there is to say when this process's share was stopped.
  private func stopped() -> ScheduleSummary {
    let records = (try? RunStore(home: setup.home).records()) ?? [:]
    var summary = ScheduleSummary(experiment: plan.experiment, planned: plan.runs.count)
    for run in plan.runs {
      switch records[run.id]?.state {
      case .succeeded: summary.cached += 1
      case .failed: summary.failed += 1
      case .pruned: summary.pruned += 1
      default: summary.cancelled += 1
      }
    }
    summary.wasStopped = true
    summary.wasKilled = interruptions > 1
    return summary
  }

  /// `nil` where the store cannot be read yet.
  private static func succeeded(home: String) -> Set<RunID>? {
    guard let records = try? RunStore(home: home).records() else { return nil }
    return Set(records.filter { $0.value.state == .succeeded }.keys)
  }
}
