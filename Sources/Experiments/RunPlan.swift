/// What an experiment wants to have run: a value that crosses the pipe between script and host.
public struct RunPlan: Hashable, Sendable, Codable {
  /// The version of this description's layout.
  public static let currentFormat = 1

  public var format = RunPlan.currentFormat
  /// In the order the experiment lists them; what it does not list and a run starts from comes right
  /// before the first that does.
  public var runs: [PlannedRun]
  /// What is wrong with the plan, all of it at once.
  public var issues: [PlanIssue]

  public init(runs: [PlannedRun], issues: [PlanIssue] = []) {
    self.runs = runs
    self.issues = issues
  }
}

/// A run and the line of the experiment that asked for it.
public struct PlannedRun: Hashable, Sendable {
  public var spec: RunSpec
  public var location: SourceLocation?
  /// Whether it is only there because other runs start from it.
  public var isSource: Bool

  public init(spec: RunSpec, location: SourceLocation? = nil, isSource: Bool = false) {
    self.spec = spec
    self.location = location
    self.isSource = isSource
  }
}

extension PlannedRun: Codable {
  private enum Key: String, CodingKey { case spec, location, isSource }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    spec = try container.decode(RunSpec.self, forKey: .spec)
    location = try container.decodeIfPresent(SourceLocation.self, forKey: .location)
    isSource = try container.decodeIfPresent(Bool.self, forKey: .isSource) ?? false
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(spec, forKey: .spec)
    try container.encodeIfPresent(location, forKey: .location)
    if isSource { try container.encode(isSource, forKey: .isSource) }
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
