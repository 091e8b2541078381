/// One item as a data set publishes it, before it is put into words: named texts, and its answer.
public struct Record: Hashable, Sendable {
  /// What counts as right.
  public enum Answer: Hashable, Sendable {
    /// The class with this place in the data set's `labels`.
    case label(Int)
    /// Free text: what is trained on, and everything that is accepted; `nil` stands for the text
    /// alone.
    case text(String, accepted: [String]?)

    /// Free text of which no other form is accepted.
    public static func text(_ text: String) -> Answer { .text(text, accepted: nil) }
  }

  /// The texts that a template can name.
  public var texts: [String: String]
  public var answer: Answer
  /// What belongs together when it is judged, such as the answers to one question.
  public var group: String?

  public init(_ texts: [String: String], _ answer: Answer, group: String? = nil) {
    self.texts = texts
    self.answer = answer
    self.group = group
  }
}
