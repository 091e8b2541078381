import Experiments
import Foundation
import RunStorage
import Training

extension Scheduler {
  /// Does what the state has decided.
  ///
  /// - Returns: how the whole ended, once it has.
  func carryOut(_ actions: [SchedulerState.Action]) throws -> SchedulerState.Outcome? {
    for action in actions {
      switch action {
      case .launch(let worker): launch(worker)
      case .assign(let run, let worker, let pause):
        if let outcome = try assign(run, to: worker, pauseAt: pause) { return outcome }
      case .dismiss(let worker): crew.dismiss(worker)
      case .terminate(let worker): crew.terminate(worker)
      case .kill(let worker):
        crew.willKill(worker)
        crew.kill(worker)
      case .restart(let run, let crashed): try lose(run, crashed: crashed)
      case .giveUp(let run): try giveUp(run)
      case .cancel(let run, let source):
        try ledger?.writer.cancel(run)
        notify(.cancelled(run, source: source))
      case .prune(let runs, let step):
        try ledger?.writer.prune(runs, at: step)
        for run in runs {
          try ledger?.finish(run)
          notify(.pruned(run, step: step))
        }
      case .finish(let outcome): return outcome
      }
    }
    return nil
  }

  private func launch(_ worker: Int) {
    let (orders, feed) = AsyncStream<WorkOrder>.makeStream()
    crew.add(worker, orders: feed)
    Task { [command = setup.worker, reports = self.feed] in
      await WorkerProcess.run(command, orders: orders) { reports.yield(.worker(worker, $0)) }
    }
  }

  private func assign(
    _ run: RunID, to worker: Int, pauseAt: Int?
  ) throws -> SchedulerState.Outcome? {
    guard let ledger, let process = crew.process(of: worker), let planned = ledger.run(run) else {
      return nil
    }
    let folder = RunFolder(home: setup.home, run: run)
    let partRows = ledger.partRows(of: run)
    let number = try ledger.writer.begin(
      run, process: process, after: folder.newestAttempt, partRows: partRows)
    var order = WorkOrder(
      id: run, spec: planned.spec, attempt: number, directory: folder.path,
      dataDirectory: setup.dataDirectory,
      backboneDirectory: setup.backboneDirectory(planned.spec.backbone),
      sourceAdapters: planned.sources.map { RunFolder(home: setup.home, run: $0).adapter },
      tokens: setup.tokens(planned.spec),
      threads: threads, memoryLimit: setup.memoryLimit)
    order.pauseAt = pauseAt
    order.partRows = partRows
    try folder.prepare(order)
    if let change = setup.change(planned) {
      // Its result would be stored as that of what was planned.
      let failure = RunFailure(.file, change)
      try ledger.writer.fail(run, attempt: number, failure)
      notify(.failed(run, failure))
      return try carryOut(state.handle(.ended(worker: worker, .failed)))
    }
    self.ledger?.pace.began(run, steps: planned.spec.schedule.steps)
    crew.assign(order, to: worker)
    notify(.started(run, attempt: number))
    return nil
  }

  /// The threads of each worker: those who help share the cores as well.
  private var threads: Int {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    guard setup.threads > 0 else { return max(1, cores / max(1, state.jobs)) }
    return max(1, setup.threads * options.jobs / max(options.jobs, state.jobs))
  }

  /// The process that had `run` died.
  private func lose(_ run: RunID, crashed: Bool) throws {
    guard let (attempt, reason) = takeLost(run) else { return }
    try ledger?.writer.lose(
      run, attempt: attempt, cause: crashed ? .crashed : .orphaned, reason: reason)
    notify(.lost(run, attempt: attempt, reason: reason))
  }

  private func giveUp(_ run: RunID) throws {
    guard let (attempt, reason) = takeLost(run) else { return }
    let failure = RunFailure(
      .crashed,
      "\(SchedulerState.patience) times in a row without getting further, \(reason); "
        + "\(RunFolder(home: setup.home, run: run).log(attempt: attempt)) tells more")
    try ledger?.writer.fail(run, attempt: attempt, failure)
    try ledger?.finish(run)
    notify(.failed(run, failure))
  }

  private func takeLost(_ run: RunID) -> (attempt: Int, reason: String)? {
    guard let worker = crew.worker(with: run), let attempt = crew.attempt(of: worker) else {
      return nil
    }
    crew.release(worker)
    ledger?.pace.ended(run)
    let number = attempt.order.attempt
    let words = RunFolder(home: setup.home, run: run).lastWords(attempt: number)
    let reason = crew.exitReasons[worker] ?? "the worker is gone"
    let whole = words.map { "\(reason): \($0)" } ?? reason
    return (number, whole + (crew.remark(on: worker).map { "; \($0)" } ?? ""))
  }
}
