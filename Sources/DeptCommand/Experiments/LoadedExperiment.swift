import Documents
import Experiments
import Foundation
import Reports
import Scheduling
import ScriptRunner

/// An experiment as a command is given it: a Swift file, compiled, or a plan that was written down.
struct LoadedExperiment {
  /// The file's name without extensions, or what a plan says of itself: the store and the reports
  /// know the experiment by it.
  let name: String
  /// The file, as the user wrote its path.
  let path: String
  /// `nil` for a plan that was written down.
  let script: CompiledScript?
  private let surroundings: Surroundings
  private let isVerbose: Bool

  /// Compiles the Swift file at `path`, or finds it compiled.
  ///
  /// - Throws: `Failure`, after the compiler's own words on standard error.
  init(_ path: String, _ surroundings: Surroundings, isVerbose: Bool = false) async throws {
    self.path = path
    self.surroundings = surroundings
    self.isVerbose = isVerbose
    let file = URL(filePath: path)
    let stem = file.deletingPathExtension().lastPathComponent
    name = file.pathExtension == "json" ? PlanFile.experiment(at: path) ?? stem : stem
    switch file.pathExtension {
    case "json": script = nil
    case "swift":
      do {
        script = try await surroundings.scriptCompiler().compile(path)
      } catch {
        throw Failure(error, isVerbose: isVerbose)
      }
    default:
      let exists = FileManager.default.fileExists(atPath: path)
      throw exists
        ? ScriptError.unreadable(path: path, reason: "its name ends in neither .swift nor .json")
        : ScriptError.notFound(path: path)
    }
  }

  /// The plan, whose issues are the caller's business; what the experiment printed is shown.
  func plan() async throws -> RunPlan {
    guard let script else { return try PlanFile.read(path).checked(knowing: .standard) }
    return try await asking {
      () async throws(ScriptError) in
      try await script.plan(environment: surroundings.environment)
    }
  }

  /// The report on `results`: the experiment's own, or the standard one of a plan.
  func document(on results: ResultSet) async throws -> Document {
    guard let script else {
      return Report.standard.document(showing: results, after: try PlanFile.read(path).notes)
    }
    return try await asking {
      () async throws(ScriptError) in
      try await script.report(on: results, environment: surroundings.environment)
    }
  }

  /// How workers for its runs are started.
  var worker: WorkerCommand {
    script.map { WorkerCommand(executable: $0.executable, arguments: $0.workerArguments) }
      ?? WorkerCommand(executable: Surroundings.executable, arguments: ["worker"])
  }

  private func asking<Value>(
    _ question: () async throws(ScriptError) -> CompiledScript.Reply<Value>
  ) async throws -> Value {
    do {
      let reply = try await question()
      if !reply.printed.isEmpty { FileHandle.standardError.write(Data(reply.printed.utf8)) }
      return reply.value
    } catch {
      throw Failure(error, isVerbose: isVerbose)
    }
  }
}
