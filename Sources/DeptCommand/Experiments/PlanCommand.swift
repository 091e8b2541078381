import ArgumentParser
import Experiments
import Foundation
import Scheduling

/// `dept plan`: what an experiment would run.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what an experiment would run, without running it.",
    discussion: """
      dept plan experiments/quickstart.swift
      dept plan experiments/quickstart.swift --json > plan.json    # dept run plan.json
      dept plan experiments/quickstart.swift --explain "method = dept and seed = 1"

      Counts per axis, what is cached and what is new, what failed before and why, what would \
      change against the last plan, predicted time, memory and disk, and everything that is wrong \
      with the plan, each with its line.

      Predictions go by runs that were measured on this machine with as many threads, and say how \
      good the last ones were. --explain says of one run why it is in the store or not, and in \
      what the nearest one there differs.
      """)

  @OptionGroup var options: ExperimentOptions
  @Option(help: "Predict the time and memory of so many runs at the same time.") var jobs = 1
  @Option(
    help: "A run: some first digits of its identity, a tag, or a condition that one run fits.")
  var explain: String?
  @Flag(help: "Print JSON, which dept run accepts as a plan.") var json = false

  func validate() throws {
    guard jobs > 0 else { throw ValidationError("--jobs must be at least 1") }
  }

  func run() async throws {
    let surroundings = options.surroundingsOptions.surroundings()
    if let explain {
      let (_, plan) = try await options.resolved()
      return try options.explain(explain, of: plan, ScheduleOptions(), json: json)
    }
    let (experiment, plan) = try await options.planned()
    // Both look at every run; a large plan has time to gain.
    async let axes = PlanAxes(plan.runs.filter { !$0.isSource }.map(\.spec))
    let resolved =
      plan.issues.isEmpty ? ExperimentOptions.resolve(plan, of: experiment, surroundings) : nil
    var described = PlanDescription(experiment.name, plan, axes: await axes, jobs: jobs)
    if let resolved {
      described.issues = resolved.issues
      try described.compare(resolved, with: surroundings)
    }
    FileHandle.standardOutput.write(json ? try described.json() : Data(described.text.utf8))
    guard described.issues.isEmpty else {
      throw Failure(
        described.issues, of: options.file, plan.issues.isEmpty ? .missingInput : .invalid)
    }
  }
}

extension ExperimentOptions {
  /// Prints why a run is or is not in the store.
  func explain(
    _ text: String, of plan: ResolvedPlan, _ scheduling: ScheduleOptions, json: Bool
  ) throws {
    let explanation = try PlanExplanation(
      text, of: plan, scheduling, surroundingsOptions.surroundings().existingStore())
    if json { return try Output.json(explanation) }
    print(explanation.text, terminator: "")
  }
}
