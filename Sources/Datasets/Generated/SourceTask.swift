/// A task that a backbone is pretrained on; none is a target task, and none has a target's frame.
public enum SourceTask: String, CaseIterable, Hashable, Sendable {
  /// Is this opinion good or bad?
  case mood
  /// What does this opinion say of each thing it is about?
  case aspects
  /// Is this word in this sentence?
  case find
  /// Is the answer to the question yes, no or unknown?
  case ask
  /// Do the two say the same?
  case match
  /// Which topic is this opinion about?
  case topic
  /// How many people are there in these sentences? Answered with a digit.
  case count
  /// Is this statement a denial?
  case denied
  /// Who did it, whom or what was it done to, or where?
  case tell
  /// Which kind of thing is in this sentence?
  case kind
  /// Which word is new in the second sentence?
  case new
  /// The statement in its plain form: active, canonical verb, setting last.
  case plain

  /// One example; equal draws give equal examples.
  func example(_ draws: inout Draws) -> Example {
    switch self {
    case .mood: mood(&draws)
    case .aspects: aspects(&draws)
    case .find: find(&draws)
    case .ask: ask(&draws)
    case .match: match(&draws)
    case .topic: topic(&draws)
    case .count: count(&draws)
    case .denied: denied(&draws)
    case .tell: tell(&draws)
    case .kind: kind(&draws)
    case .new: new(&draws)
    case .plain: plain(&draws)
    }
  }
}
