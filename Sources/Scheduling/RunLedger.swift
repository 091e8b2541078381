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
  /// The order in which runs are started.
  let order: RunOrder
  private let runs: [RunID: ResolvedRun]
  /// What the store had of each run before anything was started.
  private(set) var records: [RunID: RunRecord] = [:]
  private var decisions: [RunID: Reconciliation.Decision] = [:]
  /// The encoder rows that the next attempt of a run has in a part of a step, where not as usual.
  private var partRows: [RunID: Int] = [:]
  /// Runs that had succeeded before anything was started.
  private var cached: Set<RunID> = []
  /// Runs that nobody asked for this time.
  private var leftOut: Set<RunID> = []

  init(writer: StoreWriter, setup: ScheduleSetup, plan: ResolvedPlan, order: RunOrder? = nil) {
    self.order = order ?? plan.order
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
    records = try writer.store.records()
    if try adoptStrays() { records = try writer.store.records() }
    var queue = plan
    queue.runs = try plan.queue(order, cost: setup.cost)
    let reconciliation = try reconciliation(of: queue, options)
    for (run, decision) in reconciliation.decisions where decision == .repeat {
      // The record first: a run that reads as succeeded has its adapter.
      if records[run.id] != nil { try writer.reset(run.id) }
      RunFolder(home: setup.home, run: run.id).forgetCheckpoint()
    }
    try enrol()
    var requeued: [RunID] = []
    for (run, decision) in reconciliation.decisions {
      decisions[run.id] = decision
      switch decision {
      case .cached:
        if setup.finishedBefore?.contains(run.id) ?? true { cached.insert(run.id) }
      case .retry:
        RunFolder(home: setup.home, run: run.id).forgetCheckpoint()
        requeued.append(run.id)
      case .run:
        if records[run.id] != nil { requeued.append(run.id) }
        note(records[run.id], of: run)
      case .leftOut:
        leftOut.insert(run.id)
      case .blocked:
        try writer.cancel(run.id)
      case .repeat, .failedBefore, .pruned:
        break
      }
    }
    try writer.requeue(requeued)
    let work = reconciliation.work
    let asked = Set(work.map(\.id))
    try writer.record(setup.predictions.filter { asked.contains($0.key) })
    pace = SchedulePace(waiting: work.map(\.spec.schedule.steps), jobs: options.jobs)
    let blocked = plan.runs.compactMap { run in
      reconciliation.failedSources[run.id].map { (run: run.id, source: $0) }
    }
    return (work.map(\.id), blocked)
  }

  private func reconciliation(
    of queue: ResolvedPlan, _ options: ScheduleOptions
  ) throws -> Reconciliation {
    let incomplete = Self.withoutAdapter(plan, records, home: setup.home)
    func choose(
      _ options: ScheduleOptions, heldBack: Set<RunID> = []
    ) throws(RunFilterError) -> Reconciliation {
      try Reconciliation(
        queue, records: records, options: options, incomplete: incomplete, heldBack: heldBack)
    }
    guard options.limit != nil else { return try choose(options) }
    var unlimited = options
    unlimited.limit = nil
    return try choose(options, heldBack: heldBack(choose(unlimited)))
  }

  private func enrol() throws {
    if let record = setup.record { try writer.keep(record) }
    try writer.enrol(
      plan.runs.map { run in
        var provenance = setup.provenance
        provenance.dataDigest = run.dataDigest
        provenance.backboneDigest = run.backboneDigest
        provenance.sources = run.sources.isEmpty ? nil : run.sources
        var enrolled = EnrolledRun(
          id: run.id, spec: run.spec, provenance: provenance, isSource: run.isSource)
        enrolled.isCandidate = run.search != nil
        enrolled.selection = run.selection
        return enrolled
      }, experiment: plan.experiment)
  }

  /// Takes in attempts whose journals lie in the runs' folders and which the store does not know.
  ///
  /// - Returns: whether there were any.
  private func adoptStrays() throws -> Bool {
    let strays = plan.runs.compactMap { run -> (run: RunID, attempts: ClosedRange<Int>)? in
      let record = records[run.id]
      let folder = RunFolder(home: setup.home, run: run.id)
      guard record?.state != .succeeded, access(folder.path, F_OK) == 0 else { return nil }
      let (known, newest) = (record?.attempts ?? 0, folder.newestAttempt)
      return newest > known ? (run.id, known + 1...newest) : nil
    }
    guard !strays.isEmpty else { return false }
    try enrol()
    for (run, attempts) in strays {
      for number in attempts {
        let journal = RunFolder(home: setup.home, run: run).journal(attempt: number)
        guard access(journal, F_OK) == 0 else { continue }
        try writer.adopt(run, attempt: number, journal: journal)
        Journal.trim(path: journal)
      }
    }
    return true
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

  /// How the next attempt of a run goes about memory, after what the last one came to.
  private mutating func note(_ record: RunRecord?, of run: ResolvedRun) {
    guard let record, record.state != .failed else { return }
    partRows[run.id] = record.partRows
    if record.ranOutOfMemory,
      case .again(let rows) = setup.retries.verdict(
        on: .memory, of: run.spec, partRows: record.partRows)
    {
      partRows[run.id] = rows
    }
  }

  /// The encoder rows that the next attempt of a run has in a part of a step; `nil`: as usual.
  func partRows(of run: RunID) -> Int? { partRows[run] }

  /// Whether a failure that a run's journal tells of is the end of it.
  func isFinal(_ failure: RunFailure, of id: RunID) -> Bool {
    guard failure.kind == .memory, let run = runs[id] else { return true }
    return setup.retries.verdict(on: .memory, of: run.spec, partRows: partRows[id]) == .never
  }

  /// A run goes on in smaller parts.
  mutating func shrinkParts(of id: RunID) {
    guard let run = runs[id],
      case .again(let rows) = setup.retries.verdict(
        on: .memory, of: run.spec, partRows: partRows[id])
    else { return }
    partRows[id] = rows
  }

  /// A failure that is final, with what was tried before.
  func explained(_ failure: RunFailure, of id: RunID) -> RunFailure {
    guard let run = runs[id],
      let trials = setup.retries.trials(
        before: failure.kind, of: run.spec, partRows: partRows[id])
    else { return failure }
    var failure = failure
    failure.message += "; \(trials)"
    return failure
  }

  func initialState(for work: [RunID], jobs: Int) throws -> SchedulerState {
    let queue = work + plan.runs.map(\.id).filter { decisions[$0] == .pruned }
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
      queue: queue, jobs: jobs, crashes: crashes, farthest: farthest, solitary: Set(timed),
      needs: Dictionary(queue.map { ($0, runs[$0]?.sources ?? []) }) { first, _ in first },
      priorities: plan.priorities, brackets: try groups(decisions, records),
      memory: try admission(for: queue, jobs: jobs))
  }

  /// Writes the record of a finished run into its folder.
  func finish(_ run: RunID) throws {
    // For people to look at; the store is what counts, so a failure here is none of the run.
    try? RunFolder(home: setup.home, run: run).write(try writer.store.record(of: run))
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
      case .pruned: summary.pruned += 1
      case nil, .failed, .queued, .running, .cancelled, .lost: summary.cancelled += 1
      }
    }
    return summary
  }
}
