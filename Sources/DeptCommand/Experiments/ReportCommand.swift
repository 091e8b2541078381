import ArgumentParser
import Documents
import Experiments
import Foundation
import Rendering
import Reports
import RunStorage

/// `dept report`: writes the report on what an experiment has found so far.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the report on what an experiment has found so far.",
    discussion: """
      dept report experiments/quickstart.swift
      dept report quickstart --format markdown,csv --output paper/tables

      A cell says so where runs of it are still to come, some failed, or the file asks for others \
      by now. One that cannot be computed shows its error in its place; the exit code is then 1.

      A FILE.swift says how its results are reported; an experiment's name alone gets the standard \
      report, unless experiments/NAME.swift is there.
      """)

  @Argument(help: "An experiment's file or name.", completion: .file(extensions: ["swift"]))
  var experiment: String
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "html, markdown, latex, csv; several with commas.")
  var format = "html,markdown,latex"
  @Option(help: "The folder to write to (default: reports/<experiment>).") var output: String?
  @Flag(help: "Write nothing; fail where the files are not what would be written.")
  var check = false
  @Flag(help: "Show traces of what went wrong.") var verbose = false

  func run() async throws {
    let known = ReportFiles.Format.allCases.map(\.rawValue).joined(separator: ", ")
    let formats = try format.split(separator: ",").map { name in
      guard let format = ReportFiles.Format(rawValue: name.trimmingCharacters(in: .whitespaces))
      else { throw ValidationError("--format \(name): known are \(known)") }
      return format
    }
    guard !formats.isEmpty else { throw ValidationError("--format is empty: known are \(known)") }
    let (name, document) = try await document(surroundingsOptions.surroundings())
    var folder = ReportFolder.standard(for: name)
    if let output { folder = ReportFolder(path: output) }
    folder.formats = Set(formats)
    guard check else {
      print(try folder.write(document))
      if let failure = Failure(faultsOf: document) { throw failure }
      return
    }
    let outdated = folder.outdated(document)
    guard outdated.isEmpty else {
      throw Failure(
        .runFailed,
        "\(outdated.joined(separator: " and ")) in \(folder.path) "
          + "\(outdated.count == 1 ? "is" : "are") not up to date; run: dept report \(experiment)")
    }
  }

  private func document(_ surroundings: Surroundings) async throws -> (String, Document) {
    let isFile = experiment.hasSuffix(".swift") || experiment.hasSuffix(".json")
    let besides = "experiments/\(experiment).swift"
    let file =
      isFile ? experiment : FileManager.default.fileExists(atPath: besides) ? besides : nil
    guard let file else {
      let results = try surroundings.results(of: experiment)
      return (experiment, Report.standard.document(showing: results))
    }
    let loaded = try await LoadedExperiment(file, surroundings, isVerbose: verbose)
    var results = try surroundings.results(of: loaded.name)
    results.isStale = await loaded.asksForOthers(than: results, surroundings)
    return (loaded.name, try await loaded.document(on: results))
  }
}

extension Surroundings {
  /// What an experiment has found so far: the runs of its newest plan.
  ///
  /// - Throws: `StoreError`.
  func results(of experiment: String) throws -> ResultSet {
    let store = try RunStore(home: home.path)
    return ResultSet(
      experiment: experiment, runs: try store.frozenRuns(experiment: experiment),
      sources: try store.sourceRuns(experiment: experiment),
      candidates: try store.candidateRuns(experiment: experiment))
  }
}
