import Foundation

/// One thing that was looked at, what was found, and what to do where it is not well.
struct HealthCheck: Encodable {
  /// How it stands.
  enum Verdict: String, Encodable {
    case well
    /// Works, but not as it could.
    case warning
    /// Something asked for will not work.
    case problem
  }

  /// What was looked at: `compiler`.
  let subject: String
  let verdict: Verdict
  /// What was found, in a few words.
  let finding: String
  /// What to do; `nil` where all is well.
  let remedy: String?

  static func well(_ subject: String, _ finding: String) -> HealthCheck {
    HealthCheck(subject: subject, verdict: .well, finding: finding, remedy: nil)
  }

  static func warning(_ subject: String, _ finding: String, remedy: String) -> HealthCheck {
    HealthCheck(subject: subject, verdict: .warning, finding: finding, remedy: remedy)
  }

  static func problem(_ subject: String, _ finding: String, remedy: String) -> HealthCheck {
    HealthCheck(subject: subject, verdict: .problem, finding: finding, remedy: remedy)
  }

  /// For people: a line, and the remedy below it.
  var text: String {
    let mark =
      switch verdict {
      case .well: "✓"
      case .warning: "!"
      case .problem: "✗"
      }
    let line = "\(mark) " + subject.padding(toLength: 11, withPad: " ", startingAt: 0) + finding
    return remedy.map { "\(line)\n             → \($0)" } ?? line
  }
}
