import ArgumentParser
import Backbones
import Datasets
import Experiments
import Foundation
import Scheduling

/// Which experiment a command is about, and where.
struct ExperimentOptions: ParsableArguments {
  @Argument(
    help: "An experiment (FILE.swift), or a plan that was written down (PLAN.json).",
    completion: .file(extensions: ["swift", "json"]))
  var file: String
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Show traces of what went wrong.") var verbose = false

  /// The experiment, its plan, and the identities of its runs.
  ///
  /// - Throws: `Failure` for issues of the plan, and for data or backbones that are missing.
  func resolved() async throws -> (LoadedExperiment, ResolvedPlan) {
    let (experiment, plan) = try await planned()
    guard plan.issues.isEmpty else { throw Failure(plan.issues, of: file) }
    let resolved = Self.resolve(plan, of: experiment, surroundingsOptions.surroundings())
    guard resolved.issues.isEmpty else { throw Failure(resolved.issues, of: file, .missingInput) }
    return (experiment, resolved)
  }

  /// The experiment and its plan, whatever its issues.
  func planned() async throws -> (LoadedExperiment, RunPlan) {
    let experiment = try await LoadedExperiment(
      file, surroundingsOptions.surroundings(), isVerbose: verbose)
    return (experiment, try await experiment.plan())
  }

  /// Gives the runs of a sound plan their identities; what is missing is an issue.
  static func resolve(
    _ plan: RunPlan, of experiment: LoadedExperiment, _ surroundings: Surroundings
  ) -> ResolvedPlan {
    let files = FileDigests(cachePath: "\(surroundings.home.path)/digests.json")
    let resolved = ResolvedPlan(
      plan, experiment: experiment.name,
      digests: PlanDigests(
        files: files, dataDirectory: surroundings.dataDirectory,
        backboneDirectory: { try surroundings.backboneDirectory($0) }))
    files.save()
    return resolved
  }
}
