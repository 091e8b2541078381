/// Why a condition on runs cannot be read; columns count from 1.
public enum RunFilterError: Error, Hashable, Sendable, CustomStringConvertible {
  case unexpected(found: String, wanted: String, column: Int)
  case unterminated(column: Int)
  /// The text after `~=` is no regular expression.
  case noPattern(String, column: Int)
  /// `column` is 0 where the field does not stand in a condition: it is one to sort or list by.
  case unknownField(String, column: Int, known: [String])
  /// No run has points of this metric.
  case unknownMetric(String, column: Int, known: [String])

  public var description: String {
    switch self {
    case .unexpected(let found, let wanted, let column):
      "the condition has \(found) at column \(column) where \(wanted) is expected, "
        + "as in “method = dept and seed <= 2”"
    case .unterminated(let column):
      "the condition's quotation mark at column \(column) is never closed"
    case .noPattern(let text, let column):
      "the condition has “\(text)” at column \(column), which is no regular expression; "
        + "for a text that is contained write ~ instead of ~="
    case .unknownField(let field, let column, let known):
      "no run has a field “\(field)”\(Self.place(column))\(Self.nearest(field, known)); there are "
        + known.joined(separator: ", ")
    case .unknownMetric(let metric, let column, let known):
      known.isEmpty
        ? "no run has points of “\(metric)”\(Self.place(column)), or of any other metric"
        : "no run has points of “\(metric)”\(Self.place(column))\(Self.nearest(metric, known)); "
          + "there are \(known.joined(separator: ", "))"
    }
  }

  private static func place(_ column: Int) -> String {
    column > 0 ? " (column \(column) of the condition)" : ""
  }

  private static func nearest(_ name: String, _ known: [String]) -> String {
    NearestName.of(name, in: known).map { ", did you mean “\($0)”?" } ?? ""
  }
}
