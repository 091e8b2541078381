public import Experiments

/// Which runs a list has, and in which order.
public struct RunListRequest: Hashable, Sendable {
  /// A field that runs are sorted by; runs that do not have it come last either way.
  public struct Order: Hashable, Sendable {
    /// As a filter calls it: `test.accuracy`, `best(validation/accuracy)`.
    public var field: String
    public var isDescending: Bool

    public init(field: String, isDescending: Bool = false) {
      self.field = field
      self.isDescending = isDescending
    }
  }

  public var filter: RunFilter?
  /// The first decides, the next where it is equal; none: oldest first.
  public var order: [Order]
  /// At most so many; `nil`: all.
  public var limit: Int?
  /// Whether deleted runs are listed instead.
  public var deleted: Bool
  /// Summaries of points that are shown: `best(validation/accuracy)`.
  public var shown: [String]

  public init(
    where filter: RunFilter? = nil, by order: [Order] = [], limit: Int? = nil,
    deleted: Bool = false, shown: [String] = []
  ) {
    self.filter = filter
    self.order = order
    self.limit = limit
    self.deleted = deleted
    self.shown = shown
  }
}

/// What of a run a list has to read.
struct ListedParts: OptionSet {
  let rawValue: Int
  static let spec = ListedParts(rawValue: 1)
  static let summary = ListedParts(rawValue: 2)
  static let experiment = ListedParts(rawValue: 4)
  static let attempts = ListedParts(rawValue: 8)
  static let tags = ListedParts(rawValue: 16)
  static let all: ListedParts = [.spec, .summary, .experiment, .attempts, .tags]

  /// What a field is read from.
  init(for field: String) {
    switch field {
    case "id", "state", "backbone", "dataset", "method", "seed", "parameters": self = []
    case "experiment": self = .experiment
    case "attempts": self = .attempts
    case "failure": self = .attempts
    case "tag", "tags": self = .tags
    case "seconds", "bestStep": self = .summary
    case _ where PointSummary.parse(field) != nil: self = []
    case _ where field.contains("."): self = [.spec, .summary]
    default: self = .spec
    }
  }

  init(rawValue: Int) { self.rawValue = rawValue }
}
