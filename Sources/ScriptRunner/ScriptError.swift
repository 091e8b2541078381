public import Experiments

/// Why an experiment's file could not be turned into a plan or a report.
public enum ScriptError: Error, Sendable, Hashable {
  /// There is no such file.
  case notFound(path: String)
  /// The file cannot be read, or is neither Swift nor a plan.
  case unreadable(path: String, reason: String)
  /// The library that scripts are compiled against is nowhere to be found.
  case sdkMissing(searched: [String])
  /// A folder of scripts or libraries cannot be written.
  case unwritable(path: String, reason: String)
  /// There is no Swift compiler.
  case compilerMissing(name: String)
  /// The compiler is not the one that built the library.
  case compilerMismatch(library: String, found: String)
  /// The compiler rejected the file; its own words, untouched.
  case compilationFailed(path: String, diagnostics: String)
  /// The file has no `@main` type that conforms to `Experiment`.
  case noExperiment(path: String)
  /// The file has statements outside of any declaration.
  case topLevelCode(path: String, diagnostics: String)
  /// The experiment trapped while it described its plan or its report.
  case trapped(path: String, doing: ScriptMode, at: SourceLocation?, reason: String, trace: String)
  /// The experiment needed more memory than it may have while it describes its plan.
  case outOfMemory(path: String, at: SourceLocation?)
  /// The plan is described by itself: a run starts from one that starts from it.
  case endless(path: String, at: SourceLocation?)
  /// The experiment ended by itself while it was asked something.
  case ended(path: String, doing: ScriptMode, code: Int32, said: String)
  /// The experiment took too long.
  case timedOut(path: String, doing: ScriptMode, seconds: Int)
  /// The library under a compiled script is not the one it was compiled against.
  case otherLibrary(path: String, library: String, said: String)
  /// What came back is not what was asked for.
  case malformedReply(path: String, doing: ScriptMode, reason: String)
  /// The plan was written by a newer `dept`.
  case unsupportedFormat(path: String, found: Int, supported: Int)
}

extension ScriptError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path):
      "there is no file \(path); give the path of an experiment (.swift) or of a plan (.json)"
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .sdkMissing(let searched):
      "the library that experiments are compiled against was not found in "
        + "\(searched.joined(separator: " or ")); build it with: swift build -c release"
    case .unwritable(let path, let reason):
      "\(path) cannot be written: \(reason)"
    case .compilerMissing(let name):
      "no Swift compiler '\(name)' is on the PATH; install the toolchain that built dept"
        + " (swift.org)"
    case .compilerMismatch(let library, let found):
      "the library was built by \(library), but the compiler on the PATH is \(found); "
        + "put the first on the PATH or build dept again"
    case .compilationFailed(let path, _):
      "\(path) does not compile"
    case .noExperiment(let path):
      "\(path) declares no experiment; mark a type with @main and let it conform to Experiment"
    case .topLevelCode(let path, _):
      "\(path) has statements outside of any type; move them into the plan of an "
        + "`@main struct …: Experiment`"
    case .trapped(let path, let mode, let location, let reason, _):
      "\(location?.description ?? path): the experiment stopped while it \(mode.activity)"
        + (reason.isEmpty ? "" : ": \(reason)") + "; --verbose shows the trace"
    case .outOfMemory(let path, let location):
      "\(location?.description ?? path): the experiment needs more than "
        + "\(ScriptLimits.planningBytes >> 30) GiB of memory to describe its plan; it should only "
        + "describe runs, not carry anything out"
    case .endless(let path, let location):
      "\(location?.description ?? path): the plan refers to itself without end; a run cannot start "
        + "from one that starts from it, nor a property of a plan use itself"
    case .ended(let path, let mode, let code, let said):
      said.isEmpty
        ? "\(path) ended with code \(code) while it \(mode.activity); it must not call exit"
        : said.hasPrefix("\(path):") ? said : "\(path): \(said)"
    case .timedOut(let path, let mode, let seconds):
      "\(path) still \(mode.activity) after \(seconds) s; it should only describe runs, "
        + "not carry anything out"
    case .otherLibrary(_, let library, let said):
      "\(said); something changed \(library): delete that folder and try again"
    case .malformedReply(let path, let mode, let reason):
      "\(path) did not answer when it should have \(mode.answer): \(reason)"
    case .unsupportedFormat(let path, let found, let supported):
      "\(path) is a plan of format \(found), and this dept reads \(supported); "
        + "make it again with: dept plan FILE.swift --json"
    }
  }
}

extension ScriptMode {
  fileprivate var activity: String {
    switch self {
    case .plan: "described its plan"
    case .report: "wrote its report"
    case .worker: "carried out a run"
    }
  }

  fileprivate var answer: String {
    switch self {
    case .plan: "described its plan"
    case .report: "written its report"
    case .worker: "carried out a run"
    }
  }
}
