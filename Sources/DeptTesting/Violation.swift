/// A law that something breaks, in one sentence.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// The law: `value`, `gradient`, `determinism`.
  public let law: String
  /// Who breaks it: a case, a method.
  public let subject: String
  /// What was found, and what was expected.
  public let finding: String

  public init(_ law: String, _ subject: String, _ finding: String) {
    self.law = law
    self.subject = subject
    self.finding = finding
  }

  public var description: String { "\(subject) breaks the law of \(law): \(finding)" }
}
