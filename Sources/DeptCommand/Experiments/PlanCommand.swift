import ArgumentParser
import Experiments
import Foundation
import RunStorage
import Scheduling

/// `dept plan`: what an experiment would run.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what an experiment would run, without running it.",
    discussion: """
      dept plan experiments/quickstart.swift
      dept plan experiments/quickstart.swift --json > plan.json    # dept run plan.json

      Counts per axis, what is cached and what is new, predicted time and memory, and everything \
      that is wrong with the plan, each with its line.
      """)

  @OptionGroup var options: ExperimentOptions
  @Option(help: "Predict the memory of so many runs at the same time.") var jobs = 1
  @Flag(help: "Print JSON, which dept run accepts as a plan.") var json = false

  func validate() throws {
    guard jobs > 0 else { throw ValidationError("--jobs must be at least 1") }
  }

  func run() async throws {
    let surroundings = options.surroundingsOptions.surroundings()
    let (experiment, plan) = try await options.planned()
    var described = PlanDescription(experiment.name, plan, jobs: jobs)
    if plan.issues.isEmpty {
      let resolved = ExperimentOptions.resolve(plan, of: experiment, surroundings)
      described.issues = resolved.issues
      try described.compare(
        resolved, with: surroundings.home.path, weights: { surroundings.weightBytes($0) })
    }
    if json {
      try Output.json(described)
    } else {
      print(described.text, terminator: "")
    }
    guard described.issues.isEmpty else {
      throw Failure(
        described.issues, of: options.file, plan.issues.isEmpty ? .missingInput : .invalid)
    }
  }
}
