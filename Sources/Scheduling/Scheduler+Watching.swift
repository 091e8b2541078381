import Experiments
import Foundation
import RunStorage
import TensorEngine
import Training

extension Scheduler {
  /// The part of what the machine leaves that runs are planned to take; the rest is a margin.
  private static let usablePart = 0.9

  /// Looks who helps, whether the experiment is paused, and what there is of memory.
  func lookAround() throws -> SchedulerState.Outcome? {
    crew.look()
    var events: [SchedulerState.Event] = []
    let isOn = Suspension(home: setup.home, experiment: plan.experiment).isOn
    if isOn != isSuspended {
      isSuspended = isOn
      notify(isOn ? .suspended : .resumed)
      events.append(isOn ? .suspended : .resumed)
    }
    let jobs = options.jobs + helpingJobs
    if jobs != state.jobs {
      notify(.capacity(jobs: jobs))
      events.append(.capacity(jobs))
    }
    // One run alone always may be carried out, so there is nothing to weigh.
    if jobs > 1 { events.append(.looked(budget: budget, peaks: crew.peaks)) }
    for event in events {
      if let outcome = try carryOut(state.handle(event)) { return outcome }
    }
    return nil
  }

  /// Runs at the same time that others lend; what is timed shares the machine with nobody.
  private var helpingJobs: Int {
    guard !plan.runs.contains(where: { $0.spec.schedule.timing != nil }) else { return 0 }
    return Companion.living(home: setup.home, experiment: plan.experiment)
      .reduce(0) { $0 + max(0, $1.jobs) }
  }

  /// Bytes for all workers; what they have already is part of it.
  private var budget: Int? {
    if let given = setup.memoryBudget { return given }
    guard let left = Engine.availableMemory else { return nil }
    return Int(Self.usablePart * Double(left)) + crew.ownBytes
  }
}
