import Experiments
import Foundation
import RunStorage
import Training

/// What a scheduler knows of its plan, and its hand on the store.
struct RunLedger {
  let writer: StoreWriter
  let setup: ScheduleSetup
  let plan: ResolvedPlan
  var pace = SchedulePace()
  private let runs: [RunID: ResolvedRun]
  /// Runs that had succeeded before anything was started.
  private var cached: Set<RunID> = []
  /// Runs that nobody asked for this time.
  private var leftOut: Set<RunID> = []

  init(writer: StoreWriter, setup: ScheduleSetup, plan: ResolvedPlan) {
    self.writer = writer
    self.setup = setup
    self.plan = plan
    runs = Dictionary(plan.runs.map { ($0.id, $0) }) { first, _ in first }
  }

  func run(_ id: RunID) -> ResolvedRun? { runs[id] }

  /// Enters the plan into the store and prepares what is to be carried out.
  ///
  /// - Returns: the runs to carry out, in order, and those that cannot be, with the source that
  ///   failed.
  mutating func reconcile(
    _ options: ScheduleOptions
  ) throws -> (work: [RunID], blocked: [(run: RunID, source: RunID)]) {
    let records = try writer.store.records()
    let reconciliation = try Reconciliation(
      plan, records: records, options: options,
      incomplete: Self.withoutAdapter(plan, records, home: setup.home))
    for (run, decision) in reconciliation.decisions where decision == .repeat {
      // The record first: a run that reads as succeeded has its adapter.
      if records[run.id] != nil { try writer.reset(run.id) }
      RunFolder(home: setup.home, run: run.id).forgetCheckpoint()
    }
    if let record = setup.record { try writer.keep(record) }
    try writer.enrol(
      plan.runs.map { run in
        var provenance = setup.provenance
        provenance.dataDigest = run.dataDigest
        provenance.backboneDigest = run.backboneDigest
        provenance.sources = run.sources.isEmpty ? nil : run.sources
        return EnrolledRun(
          id: run.id, spec: run.spec, provenance: provenance, isSource: run.isSource)
      }, experiment: plan.experiment)
    for (run, decision) in reconciliation.decisions {
      switch decision {
      case .cached:
        cached.insert(run.id)
      case .retry:
        RunFolder(home: setup.home, run: run.id).forgetCheckpoint()
        try writer.requeue(run.id)
      case .run:
        try writer.requeue(run.id)
      case .leftOut:
        leftOut.insert(run.id)
      case .blocked:
        try writer.cancel(run.id)
      case .repeat, .failedBefore:
        break
      }
    }
    let work = reconciliation.work
    pace = SchedulePace(waiting: work.map(\.spec.schedule.steps), jobs: options.jobs)
    let blocked = plan.runs.compactMap { run in
      reconciliation.failedSources[run.id].map { (run: run.id, source: $0) }
    }
    return (work.map(\.id), blocked)
  }

  /// Sources that have succeeded and whose adapters are gone.
  private static func withoutAdapter(
    _ plan: ResolvedPlan, _ records: [RunID: RunRecord], home: String
  ) -> Set<RunID> {
    Set(plan.runs.flatMap(\.sources)).filter { source in
      records[source]?.state == .succeeded
        && !FileManager.default.fileExists(atPath: RunFolder(home: home, run: source).adapter)
    }
  }

  func initialState(for work: [RunID], jobs: Int) throws -> SchedulerState {
    var crashes: [RunID: Int] = [:]
    var farthest: [RunID: Int] = [:]
    for run in work {
      let record = try writer.crashRecord(run)
      // A run given up before gets all its attempts again: somebody asked for it.
      crashes[run] = record.fruitless < SchedulerState.patience ? record.fruitless : 0
      farthest[run] = record.farthestStep
    }
    // The peak of memory and the time of a run that is timed are to be its own.
    let timed = work.filter { runs[$0]?.spec.schedule.timing != nil }
    return SchedulerState(
      queue: work, jobs: jobs, crashes: crashes, farthest: farthest, solitary: Set(timed),
      needs: Dictionary(work.map { ($0, runs[$0]?.sources ?? []) }) { first, _ in first })
  }

  /// Writes the record of a finished run into its folder.
  func finish(_ run: RunID) throws {
    // For people to look at; the store is what counts, so a failure here is none of the run.
    try? RunFolder(home: setup.home, run: run).write(try writer.store.run(run.rawValue))
  }

  /// How far the plan has got.
  func summary() throws -> ScheduleSummary {
    var summary = ScheduleSummary(experiment: plan.experiment, planned: plan.runs.count)
    let records = try writer.store.records()
    for run in plan.runs {
      switch records[run.id]?.state {
      case .succeeded where cached.contains(run.id): summary.cached += 1
      case .succeeded: summary.succeeded += 1
      case .failed where !leftOut.contains(run.id): summary.failed += 1
      case nil, .failed, .queued, .running, .cancelled, .lost, .pruned: summary.cancelled += 1
      }
    }
    return summary
  }
}
