import Documents
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
        SignalStack.install()
        SocketFilter.refuseInternet()
        try await replies.write(description(of: experiment))
      case .report:
        SocketFilter.refuseInternet()
        let results = try JSONDecoder().decode(
          ResultSet.self, from: try FileHandle.standardInput.readToEnd() ?? Data())
        try replies.send(try document(of: experiment, on: results))
      case .worker:
        let plan = Plan.evaluating { experiment.init().plan }
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

  /// The plan as it is replied, with an issue where it is another one the second time.
  private static func description(of experiment: any Experiment.Type) async throws -> Data {
    let first = Plan.evaluating { experiment.init().plan }
    // Checked and written meanwhile: as a rule it stays what it is.
    async let reply = written(first)
    if let issue = evaluatedAgain(experiment).impurity(comparedTo: first) {
      var plan = first
      plan.issues.append(issue)
      return try written(plan)
    }
    return try await reply
  }

  private static func written(_ plan: Plan) throws -> Data {
    try PlanTable(RunPlan(plan, knowing: .standard)).encoded()
  }

  /// The plan once more, without what it prints, which was printed already.
  private static func evaluatedAgain(_ experiment: any Experiment.Type) -> Plan {
    fflush(nil)
    let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
    dup2(nowhere, STDOUT_FILENO)
    let plan = Plan.evaluating { experiment.init().plan }
    fflush(nil)
    dup2(STDERR_FILENO, STDOUT_FILENO)
    close(nowhere)
    return plan
  }

  /// The experiment's report, after the notes of its plan.
  private static func document(
    of experiment: any Experiment.Type, on results: ResultSet
  ) throws -> Document {
    let experiment = experiment.init()
    // What is wrong with the plan was told when it was planned.
    let notes = Plan.evaluating { experiment.plan }.notes
    let (document, issues) = PlanIssueCollector.collecting {
      experiment.report.document(showing: results, after: notes)
    }
    if let issue = issues.first { throw ReportError.axis(issue) }
    return document
  }

  private static func complain(_ sentence: String) {
    let line = Array("\(sentence)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
