import Experiments
import Foundation
import Reports
import ScriptRunner

extension Failure {
  /// What an error of compiling, planning or reporting means; `nil` for any other.
  init?(experimenting error: any Error) {
    switch error {
    case let error as ScriptError: self.init(error, isVerbose: false)
    case let error as ReportError: self.init(.invalid, error.description)
    case let error as MethodDescriptionError: self.init(.invalid, error.description)
    default: return nil
    }
  }

  /// An error of a script; what the compiler or the runtime said of it goes before the sentence.
  init(_ error: ScriptError, isVerbose: Bool) {
    switch error {
    case .compilationFailed(_, let diagnostics), .topLevelCode(_, let diagnostics):
      FileHandle.standardError.write(Data(diagnostics.utf8))
    case .trapped(_, _, _, _, let trace) where isVerbose:
      FileHandle.standardError.write(Data(trace.utf8))
    default: break
    }
    self.init(error.exitCode, error.description)
  }

  /// The issues of a plan, each on a line of its own on standard error, as one failure.
  init(_ issues: [PlanIssue], of path: String, _ code: Code = .invalid) {
    // In one piece: a long list is written at once.
    let lines = issues.map { "\($0.location?.description ?? path): error: \($0.message)" }
    Output.note(lines.joined(separator: "\n"))
    let count = issues.count == 1 ? "an issue" : "\(issues.count) issues"
    self.init(code, "the plan of \(path) has \(count); nothing was run")
  }
}
