import Experiments
import Foundation
import Reports

/// The program that every experiment is: plan, report or worker, as its first argument says.
public enum ScriptMain {
  /// Does what the arguments ask, and ends the process.
  ///
  /// - Parameter build: the build of the library that the experiment was compiled against; `nil`
  ///   where both were linked together.
  public static func run(_ experiment: any Experiment.Type, compiledAgainst build: String?) async {
    let replies = ReplyPipe()
    // Before anything of the library is used: its values may have another layout than the script's.
    if let build, let loaded = LibraryBuildID.ofLoadedLibrary(containing: #dsohandle),
      loaded != build
    {
      let path = LibraryBuildID.pathOfLoadedLibrary(containing: #dsohandle) ?? "libDeptScript.so"
      complain(
        "this experiment was compiled against build \(build.prefix(12)) of the library, but "
          + "\(path) is build \(loaded.prefix(12)); run it with 'dept run'")
      exit(ScriptExit.otherLibrary)
    }
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 1, let mode = arguments.first.flatMap(ScriptMode.init) else {
      complain(
        "this is an experiment of \(experiment): 'dept run FILE.swift' carries it out and "
          + "'dept plan FILE.swift' shows what it would run")
      exit(ScriptExit.usage)
    }
    do {
      switch mode {
      case .plan:
        PlanningLimits.apply()
        try replies.send(RunPlan(experiment.init().plan, knowing: .standard))
      case .report:
        let results = try JSONDecoder().decode(
          ResultSet.self, from: try FileHandle.standardInput.readToEnd() ?? Data())
        try replies.send(experiment.init().report.document(showing: results))
      case .worker:
        let plan = experiment.init().plan
        replies.restoreStandardOutput()
        exit(ExperimentWorker.serve(plan))
      }
    } catch let error as DecodingError {
      complain("the results could not be read: \(error)")
      exit(ScriptExit.invalid)
    } catch {
      complain("\(error)")
      exit(ScriptExit.invalid)
    }
    exit(0)
  }

  private static func complain(_ sentence: String) {
    let line = Array("\(sentence)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
