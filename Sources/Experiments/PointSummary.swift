public import Evaluation

/// One number for all points of a metric of a run, as a condition names it:
/// `best(validation/accuracy)`.
public enum PointSummary: String, CaseIterable, Hashable, Sendable {
  /// The highest, or of a loss, a time or another metric where lower is better the lowest.
  case best
  /// That of the last step.
  case last
  case min
  case max

  /// What a filter calls this summary of a metric.
  public func field(of metric: String) -> String { "\(rawValue)(\(metric))" }

  /// The summary and the metric that a filter's field asks for; `nil` where it is another field.
  public static func parse(_ field: String) -> (summary: PointSummary, metric: String)? {
    guard field.hasSuffix(")"), let open = field.firstIndex(of: "("),
      let summary = PointSummary(rawValue: String(field[..<open]))
    else { return nil }
    return (summary, String(field[field.index(after: open)...].dropLast()))
  }

  /// Which way is better of the points of a metric: `validation/rte/accuracy`, `train/loss`.
  public static func orientation(of metric: String) -> Metric.Orientation {
    let name = metric.split(separator: "/").last.map(String.init) ?? metric
    if let known = Metric(named: MetricName(rawValue: name)) { return known.orientation }
    let lower = ["loss", "seconds", "perplexity", "error", "bytes"]
    return lower.contains { name == $0 || name.hasSuffix("-\($0)") }
      ? .lowerIsBetter : .higherIsBetter
  }

  /// The same summary of a metric's points without asking which way is better: `best` is `max` or
  /// `min`.
  public func resolved(of metric: String) -> PointSummary {
    guard self == .best else { return self }
    return Self.orientation(of: metric) == .higherIsBetter ? .max : .min
  }

  /// This summary of what is known of all points; NaN counts in `last` only.
  public func value(of metric: String, last: Double?, min: Double?, max: Double?) -> Double? {
    switch resolved(of: metric) {
    case .last: last
    case .min: min
    case .max, .best: max
    }
  }
}
