import RunStorage

/// What an import has done.
public struct ImportSummary: Hashable, Sendable {
  public var added = 0
  public var renewed = 0
  public var known = 0
  /// What deserves a look, in one sentence each.
  public var remarks: [String] = []

  public init() {}

  mutating func count(_ outcome: ImportOutcome) {
    switch outcome {
    case .added: added += 1
    case .renewed: renewed += 1
    case .known: known += 1
    }
  }
}
