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

      Runs that are timed are carried out one at a time, each in a fresh process, whatever --jobs \
      says. A time is kept like any other result; --force measures again.

      A run that needs more memory than --memory or the machine allows fails and says how much; \
      the others go on. With a larger limit, --retry-failed takes it up again.
      """)

  @OptionGroup var options: ExperimentOptions
  @OptionGroup var memoryOptions: MemoryOptions
  @Option(help: "Runs at the same time, each in a process of its own.") var jobs = 1
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
    guard jobs > 0 else { throw ValidationError("--jobs must be at least 1") }
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
    scheduling.jobs = isTimed ? 1 : jobs
    var setup = try setup(for: plan, of: experiment, surroundings, jobs: scheduling.jobs)
    setup.memoryLimit = memoryLimit
    let history = try surroundings.costHistory(of: plan, threads: setup.threads)
    setup.predictions = PlanForecast.costs(of: plan.runs, history)
      .mapValues { RunPrediction(seconds: $0.seconds, bytes: $0.ownBytes) }
    let display = RunDisplay(plan, isDrawn: surroundings.drawsProgress && !json, isQuiet: json)
    if isTimed, jobs > 1 { display.say("Runs are timed, so they are carried out one at a time.") }
    let scheduler = Scheduler(plan, setup: setup, options: scheduling) { display.show($0) }
    let signal = Mutex(SIGINT)
    let watch = SignalWatch { number in
      signal.withLock { $0 = number }
      display.say("Stopping after a checkpoint; once more to stop at once.")
      scheduler.interrupt()
    }
    let summary = try await scheduler.run()
    withExtendedLifetime(watch) { display.finish() }
    var report: String?
    var fault: (any Error)?
    if !noReport, !summary.wasKilled {
      do {
        report = try await ReportFolder.standard(for: experiment.name)
          .write(experiment.document(on: try surroundings.results(of: experiment.name)))
      } catch {
        // What was run counts, whether it could be reported or not.
        fault = error
      }
    }
    let earlier = try surroundings.earlierFailures(
      of: plan, only: scheduling.only, except: display.failed)
    try show(summary, display.failures + earlier, report)
    if let fault { throw fault }
    if summary.wasKilled { throw ExitCode(128 + signal.withLock { $0 }) }
    if summary.exitCode != 0 { throw ExitCode(summary.exitCode) }
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
    setup.tokens = surroundings.tokenPlace(surroundings.fileDigests)
    setup.threads = max(1, surroundings.threads / jobs)
    setup.provenance = .here(experiment: options.file, threads: setup.threads)
    return setup
  }

  private func show(_ summary: ScheduleSummary, _ failures: [String], _ report: String?) throws {
    if json {
      try Output.json(Listing(summary, report))
      return
    }
    let counts = [
      ("cached", summary.cached), ("succeeded", summary.succeeded), ("failed", summary.failed),
      ("not run", summary.cancelled),
    ].filter { $0.1 > 0 || $0.0 == "succeeded" }.map { "\($0.1) \($0.0)" }
    print(
      "\(summary.experiment): \(summary.planned) runs: \(counts.joined(separator: ", "))")
    for failure in failures { print("  \(failure)") }
    if let report { print("report: \(report)") }
  }

  /// The JSON the command line's contract promises.
  private struct Listing: Encodable {
    let experiment: String
    let planned, cached, succeeded, failed, cancelled: Int
    let report: String?

    init(_ summary: ScheduleSummary, _ report: String?) {
      experiment = summary.experiment
      planned = summary.planned
      cached = summary.cached
      succeeded = summary.succeeded
      failed = summary.failed
      cancelled = summary.cancelled
      self.report = report
    }
  }
}
