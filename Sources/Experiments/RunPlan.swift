/// What an experiment wants to have run: a value that crosses the pipe between script and host.
public struct RunPlan: Hashable, Sendable, Codable {
  /// The version of this description's layout.
  public static let currentFormat = 1

  public var format = RunPlan.currentFormat
  /// In the order the experiment lists them; what it does not list and a run starts from comes
  /// right before the first that does.
  public var runs: [PlannedRun]
  /// What is wrong with the plan, all of it at once.
  public var issues: [PlanIssue]
  /// The order in which runs are started.
  public var order = RunOrder.planned
  /// What the experiment says in prose between its runs, in Markdown, in its order.
  public var notes: [String] = []

  public init(
    runs: [PlannedRun], issues: [PlanIssue] = [], order: RunOrder = .planned, notes: [String] = []
  ) {
    self.runs = runs
    self.issues = issues
    self.order = order
    self.notes = notes
  }
}

extension RunPlan {
  private enum Key: String, CodingKey { case format, runs, issues, order, notes }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    format = try container.decode(Int.self, forKey: .format)
    runs = try container.decode([PlannedRun].self, forKey: .runs)
    issues = try container.decode([PlanIssue].self, forKey: .issues)
    order = try container.decodeIfPresent(RunOrder.self, forKey: .order) ?? .planned
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
  }
}

/// A run and the line of the experiment that asked for it.
public struct PlannedRun: Hashable, Sendable {
  public var spec: RunSpec
  public var location: SourceLocation?
  /// Whether it is only there because other runs start from it.
  public var isSource: Bool
  /// Higher comes first; 0 unless the plan says otherwise. No part of the run's identity.
  public var priority = 0
  /// The search that it is a candidate of; such a run is no part of tables.
  public var search: PlanSearch?
  /// The group that it is pruned in.
  public var bracket: PlanBracket?

  public init(spec: RunSpec, location: SourceLocation? = nil, isSource: Bool = false) {
    self.spec = spec
    self.location = location
    self.isSource = isSource
  }
}

extension PlannedRun: Codable {
  private enum Key: String, CodingKey {
    case spec, location, isSource, priority, search, bracket
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    spec = try container.decode(RunSpec.self, forKey: .spec)
    location = try container.decodeIfPresent(SourceLocation.self, forKey: .location)
    isSource = try container.decodeIfPresent(Bool.self, forKey: .isSource) ?? false
    priority = try container.decodeIfPresent(Int.self, forKey: .priority) ?? 0
    search = try container.decodeIfPresent(PlanSearch.self, forKey: .search)
    bracket = try container.decodeIfPresent(PlanBracket.self, forKey: .bracket)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(spec, forKey: .spec)
    try container.encodeIfPresent(location, forKey: .location)
    if isSource { try container.encode(isSource, forKey: .isSource) }
    if priority != 0 { try container.encode(priority, forKey: .priority) }
    try container.encodeIfPresent(search, forKey: .search)
    try container.encodeIfPresent(bracket, forKey: .bracket)
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
