import ScriptRunner

extension ScriptError {
  /// The exit code of the command line's contract.
  var exitCode: Failure.Code {
    switch self {
    case .notFound: .missingInput
    case .unreadable, .compilationFailed, .noExperiment, .topLevelCode, .trapped,
      .outOfMemory, .endless, .timedOut, .ended, .unsupportedFormat:
      .invalid
    case .sdkMissing, .unwritable, .compilerMissing, .compilerMismatch: .unavailable
    case .otherLibrary, .malformedReply: .fault
    }
  }
}
