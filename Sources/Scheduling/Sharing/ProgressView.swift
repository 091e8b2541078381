import Experiments
import RunStorage

/// What a process that does not carry out a plan can tell of it: it compares what the store says
/// with what it said before.
struct ProgressView {
  private let plan: ResolvedPlan
  private let home: String
  private var states: [RunID: RunState] = [:]
  private var steps: [RunID: Int] = [:]
  private let before: Set<RunID>
  private var hasBegun = false

  /// - Parameter before: runs that had succeeded before this process began.
  init(_ plan: ResolvedPlan, home: String, before: Set<RunID>) {
    self.plan = plan
    self.home = home
    self.before = before
  }

  /// What has happened since the last time, in plan order; nothing where the store cannot be read
  /// just now.
  mutating func news() -> [ScheduleEvent] {
    guard let store = try? RunStore(home: home), let records = try? store.records(),
      let status = try? store.status(of: plan.experiment)
    else { return [] }
    var events: [ScheduleEvent] = []
    if !hasBegun {
      hasBegun = true
      events.append(beginning(records))
    }
    for active in status.active where steps[active.id] != active.step {
      if steps[active.id] == nil { events.append(.started(active.id, attempt: active.attempt)) }
      steps[active.id] = active.step
      events.append(.progressed(active.id, step: active.step))
    }
    for run in plan.runs {
      guard let record = records[run.id], record.state != states[run.id] else { continue }
      states[run.id] = record.state
      events += ending(of: run.id, record, store)
    }
    return events
  }

  private mutating func beginning(_ records: [RunID: RunRecord]) -> ScheduleEvent {
    var summary = ScheduleSummary(experiment: plan.experiment, planned: plan.runs.count)
    for run in plan.runs {
      guard let state = records[run.id]?.state else { continue }
      // What is over has been told to whoever asked for it first.
      if [.succeeded, .failed, .pruned].contains(state) { states[run.id] = state }
      switch state {
      case .succeeded where before.contains(run.id): summary.cached += 1
      case .succeeded: summary.succeeded += 1
      case .failed: summary.failed += 1
      case .pruned: summary.pruned += 1
      default: summary.cancelled += 1
      }
    }
    return .planned(summary, toRun: summary.cancelled)
  }

  private mutating func ending(
    of run: RunID, _ record: RunRecord, _ store: RunStore
  ) -> [ScheduleEvent] {
    guard let whole = try? store.record(of: run) else { return [] }
    switch record.state {
    case .succeeded: return whole.summary.map { [.succeeded(run, $0)] } ?? []
    case .failed: return whole.failure.map { [.failed(run, $0)] } ?? []
    case .pruned: return [.pruned(run, step: record.prunedStep ?? 0)]
    case .queued, .running, .cancelled, .lost: return []
    }
  }
}
