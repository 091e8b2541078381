import Synchronization

/// What is found to be wrong with values before they are part of a run: an axis without values,
/// axes of different length, a range that is empty.
///
/// A class because functions deep inside a plan write to it while it is evaluated.
public final class PlanIssueCollector: Sendable {
  /// Where issues go while a plan is evaluated.
  @TaskLocal private static var current: PlanIssueCollector?

  private let issues = Mutex<[PlanIssue]>([])

  private init() {}

  /// Evaluates `body`.
  ///
  /// - Returns: its value, and what was reported meanwhile.
  public static func collecting<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> (value: Value, issues: [PlanIssue]) {
    let collector = PlanIssueCollector()
    let result = $current.withValue(collector) { Result { () throws(Failure) in try body() } }
    return (try result.get(), collector.issues.withLock { $0 })
  }

  /// Notes what is wrong; the caller goes on with some value, as the plan is not carried out.
  ///
  /// - Precondition: a plan is being evaluated.
  public static func report(_ issue: PlanIssue) {
    guard let current else {
      preconditionFailure("\(issue.location.map { "\($0): " } ?? "")\(issue.message)")
    }
    current.issues.withLock { $0.append(issue) }
  }

  /// Notes what is wrong at a line.
  static func report(_ message: String, _ file: String, _ line: Int) {
    report(PlanIssue(message, at: SourceLocation(file: file, line: line)))
  }
}

extension Plan {
  /// The plan that `body` describes, with all that is found to be wrong while it does.
  public static func evaluating(_ body: () -> Plan) -> Plan {
    var (plan, issues) = PlanIssueCollector.collecting(body)
    plan.issues = issues + plan.issues
    return plan
  }
}
