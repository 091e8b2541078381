/// What an experiment wants to have run: a value that crosses the pipe between script and host.
public struct RunPlan: Hashable, Sendable, Codable {
  /// The version of this description's layout.
  public static let currentFormat = 1

  public var format = RunPlan.currentFormat
  /// In the order the experiment lists them.
  public var runs: [PlannedRun]
  /// What is wrong with the plan, all of it at once.
  public var issues: [PlanIssue]

  public init(runs: [PlannedRun], issues: [PlanIssue] = []) {
    self.runs = runs
    self.issues = issues
  }
}

/// A run and the line of the experiment that asked for it.
public struct PlannedRun: Hashable, Sendable, Codable {
  public var spec: RunSpec
  public var location: SourceLocation?

  public init(spec: RunSpec, location: SourceLocation? = nil) {
    self.spec = spec
    self.location = location
  }
}

/// Something that makes a plan invalid, in one sentence with its remedy.
public struct PlanIssue: Hashable, Sendable, Codable {
  public var message: String
  public var location: SourceLocation?

  public init(_ message: String, at location: SourceLocation? = nil) {
    self.message = message
    self.location = location
  }
}

/// A line of a Swift file.
public struct SourceLocation: Hashable, Sendable, Codable, CustomStringConvertible {
  public var file: String
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  public var description: String { "\(file):\(line)" }
}
