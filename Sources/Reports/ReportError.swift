public import Experiments

/// Why a report could not be computed.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A cell threw: its place in the report (from 1), its type, and what it said.
  case cell(position: Int, type: String, message: String)
  /// Values that the report is made from are not what they should be.
  case axis(PlanIssue)

  public var description: String {
    switch self {
    case .cell(let position, let type, let message):
      "cell \(position) of the report (\(type)) failed: \(message)"
    case .axis(let issue):
      "\(issue.location.map { "\($0): " } ?? "")\(issue.message)"
    }
  }
}
