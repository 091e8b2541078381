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
    let files = surroundings.fileDigests
    let resolved = ResolvedPlan(
      plan, experiment: experiment.name, digests: surroundings.planDigests(files))
    files.save()
    return resolved
  }
}

extension Surroundings {
  /// The digests of files that this home remembers.
  var fileDigests: FileDigests { FileDigests(cachePath: "\(home.path)/digests.json") }

  /// The digests of what lies on this machine.
  func planDigests(_ files: FileDigests) -> PlanDigests {
    PlanDigests(
      files: files, dataDirectory: dataDirectory,
      backboneDirectory: { try backboneDirectory($0) })
  }

  /// Says what of a run's data or backbone has changed since it was planned.
  func changesSincePlanned() -> @Sendable (ResolvedRun) -> String? {
    let digests = planDigests(fileDigests)
    return { run in
      func differs(_ digest: String, _ current: () throws -> String) -> Bool {
        (try? current()) != digest
      }
      let spec = run.spec
      if differs(run.dataDigest, { try digests.data(of: spec) }) {
        return "the data of '\(spec.dataset)' have changed since the run was planned; run again"
      }
      if differs(run.backboneDigest, { try digests.backbone(spec.backbone) }) {
        return "the backbone '\(spec.backbone)' has changed since the run was planned; run again"
      }
      return nil
    }
  }
}
