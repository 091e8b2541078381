import ArgumentParser
import Backbones
import Experiments
import Foundation
import RunStorage
import Scheduling
import Synchronization
import Training

/// `dept run`: carries out what is missing of an experiment, and reports.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out what is missing of an experiment, then report.",
    discussion: """
      dept run experiments/quickstart.swift
      dept run experiments/quickstart.swift --jobs 2 --only "method = dept and seed = 1"

      A run that has succeeded is never repeated, whatever experiment asked for it. Ctrl-C lets \
      the runs in hand write a checkpoint; the same command again goes on.

      Where a plan searches (.selecting), its candidates are carried out first, then the winners \
      with the seeds that were asked for.

      Runs that are timed are carried out one at a time, each in a fresh process, whatever --jobs \
      says. A time is kept like any other result; --force measures again.

      A run that needs more memory than --memory or the machine allows is tried again with steps \
      in smaller parts, which changes no result; if that does not help it fails and says how much \
      it needs, and the others go on. With a larger limit, --retry-failed takes it up again.

      With several --jobs a run is only started where the memory that runs like it needed is free \
      (--memory-total). The same command in a second terminal lends its jobs to the first, and \
      goes on if that ends early.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var memoryOptions: MemoryOptions
  @Option(
    help: ArgumentHelp(
      "Runs at the same time, each in a process of its own; auto: one a core, as far as memory "
        + "allows.", valueName: "count|auto"))
  var jobs = JobCount.count(1)
  @Option(
    help: ArgumentHelp(
      "The most memory of all runs together, backbones included (default: what the machine "
        + "leaves).",
      valueName: "bytes"))
  var memoryTotal: ByteCount?
  @Option(
    help: ArgumentHelp(
      "Start runs in another order than the plan's: planned, shuffled:7, interleaved:dataset, "
        + "cheapest-first.", valueName: "order"))
  var order: RunOrderArgument?
  @Flag(help: "Wait while another experiment is carried out in this home.") var wait = false
  @Option(help: "Start at most so many runs.") var limit: Int?
  @Option(help: "Only runs that fit, such as \"method = dept and seed in (1, 2)\".")
  var only: String?
  @Flag(help: "Also repeat runs that failed and would not be tried again.") var retryFailed = false
  @Flag(help: "Repeat everything from the beginning, though it has succeeded.") var force = false
  @Option(
    help: "Run nothing; say why this run is in the store or not: first digits, a tag, a condition.")
  var explain: String?
  @Flag(help: "Write no report.") var noReport = false
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard jobs.isValid else { throw ValidationError("--jobs must be at least 1") }
    guard (limit ?? 1) > 0 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() async throws {
    let surroundings = options.surroundingsOptions.surroundings()
    let memoryLimit = try memoryOptions.limit(surroundings)
    var scheduling = ScheduleOptions()
    scheduling.limit = limit
    scheduling.only = try only.map { try RunFilter($0) }
    scheduling.retriesFailed = retryFailed
    scheduling.force = force
    let (experiment, plan) = try await options.resolved()
    if let explain { return try options.explain(explain, of: plan, scheduling, json: json) }
    // What is timed must not share the machine.
    let isTimed = plan.runs.contains { $0.spec.schedule.timing != nil }
    let jobs = jobs.number(cores: surroundings.threads, runs: plan.runs.count)
    scheduling.jobs = isTimed ? 1 : jobs
    scheduling.order = order?.order
    var setup = try setup(for: plan, of: experiment, surroundings, jobs: scheduling.jobs)
    setup.memoryLimit = memoryLimit
    setup.memoryBudget = memoryTotal?.bytes
    let history = try surroundings.costHistory(of: plan, threads: setup.threads)
    let interruptions = Mutex((signal: SIGINT, count: 0))
    let home = surroundings.home.path
    var outcome = try await SearchRounds(plan: plan, home: home).run(scheduling) { plan, options in
      let display = RunDisplay(plan, isDrawn: surroundings.drawsProgress && !json, isQuiet: json)
      if isTimed, jobs > 1 { display.say("Runs are timed, so they are carried out one at a time.") }
      let started = Mutex<Set<RunID>>([])
      var setup = setup
      setup.predict(plan, history)
      let scheduler = SharedSchedule(
        plan, setup: setup, options: options, patience: wait ? .waits : .none
      ) { event in
        if case .started(let run, _) = event { started.withLock { _ = $0.insert(run) } }
        display.show(event)
      }
      let watch = SignalWatch { number in
        let count = interruptions.withLock { state in
          state.signal = number
          state.count += 1
          return state.count
        }
        if count == 1 { display.say("Stopping after a checkpoint; once more to stop at once.") }
        if count == 2 { display.say("Stopping at once.") }
        scheduler.interrupt()
      }
      let summary = try await scheduler.run()
      withExtendedLifetime(watch) { display.finish() }
      return (summary, display.failures, display.failed, started.withLock(\.count))
    }
    let summary = outcome.summary
    var report: String?
    var fault: (any Error)?
    if !noReport, !summary.wasKilled {
      do {
        let document = try await experiment.document(
          on: try surroundings.results(of: experiment.name))
        report = try ReportFolder.standard(for: experiment.name).write(document)
        fault = Failure(faultsOf: document)
      } catch {
        // What was run counts, whether it could be reported or not.
        fault = error
      }
    }
    outcome.failures += try surroundings.earlierFailures(
      of: outcome.plan, only: scheduling.only, except: outcome.failed)
    try show(outcome, report)
    if let fault { throw fault }
    if summary.wasKilled { throw ExitCode(128 + interruptions.withLock { $0.signal }) }
    if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
  }

  private func setup(
    for plan: ResolvedPlan, of experiment: LoadedExperiment, _ surroundings: Surroundings,
    jobs: Int
  ) throws -> ScheduleSetup {
    do {
      try FileManager.default.createDirectory(
        at: surroundings.home, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .unavailable,
        "\(surroundings.home.path) cannot be made: \(error.localizedDescription); choose another "
          + "folder with --home")
    }
    let directories = Dictionary(
      uniqueKeysWithValues: try Set(plan.runs.map(\.spec.backbone)).map {
        ($0, try surroundings.backboneDirectory($0))
      })
    var setup = ScheduleSetup(
      home: surroundings.home.path, worker: experiment.worker,
      dataDirectory: surroundings.dataDirectory.path,
      backboneDirectory: { directories[$0] ?? $0.rawValue })
    setup.change = surroundings.changesSincePlanned()
    setup.weightBytes = { surroundings.weightBytes($0) }
    setup.tokens = surroundings.tokenPlace(surroundings.fileDigests)
    setup.threads = max(1, surroundings.threads / jobs)
    setup.remember(experiment, surroundings)
    return setup
  }

  private func show(_ outcome: SearchRounds.Outcome, _ report: String?) throws {
    let summary = outcome.summary
    if json {
      try Output.json(Listing(outcome, report))
      return
    }
    let counts = [
      ("cached", summary.cached), ("succeeded", summary.succeeded), ("failed", summary.failed),
      ("pruned", summary.pruned), ("not run", summary.cancelled),
    ].filter { $0.1 > 0 || $0.0 == "succeeded" }.map { "\($0.1) \($0.0)" }
    print(
      "\(summary.experiment): \(summary.planned) runs: \(counts.joined(separator: ", "))")
    for winner in outcome.searches.compactMap(\.line) { print("  winner: \(winner)") }
    for failure in outcome.failures { print("  \(failure)") }
    if let report { print("report: \(report)") }
  }

  /// The JSON the command line's contract promises.
  private struct Listing: Encodable {
    let experiment: String
    let planned, cached, succeeded, failed, cancelled, pruned: Int
    let report: String?
    /// Only of plans that search.
    let searches: [SearchListing]?

    init(_ outcome: SearchRounds.Outcome, _ report: String?) {
      let summary = outcome.summary
      searches = outcome.searches.isEmpty ? nil : outcome.searches
      experiment = summary.experiment
      planned = summary.planned
      cached = summary.cached
      succeeded = summary.succeeded
      failed = summary.failed
      cancelled = summary.cancelled
      pruned = summary.pruned
      self.report = report
    }
  }
}

extension ScheduleSetup {
  /// Says what the runs of a plan will take, as far as runs like them were measured here.
  fileprivate mutating func predict(_ plan: ResolvedPlan, _ history: CostHistory) {
    let costs = PlanForecast.costs(of: plan.runs, history)
    predictions = costs.mapValues { RunPrediction(seconds: $0.seconds, bytes: $0.ownBytes) }
    // Seconds of some and steps of others cannot be compared.
    if costs.count == plan.runs.count { cost = { costs[$0.id]?.seconds } }
  }
}
