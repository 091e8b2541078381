/// The meaning of a sentence about something that happened, or did not.
struct Event: Hashable, Sendable {
  var agent: NounPhrase
  var verb: Verb
  var patient: NounPhrase
  var place: String?
  var time: String?
  var isNegated = false

  /// How the truth of one statement bears on another's.
  enum Relation: Int, CaseIterable, Sendable {
    case entailment, neutral, contradiction
  }

  /// True when both say the same in other words.
  func means(_ other: Event) -> Bool {
    covers(other) && other.covers(self) && isNegated == other.isNegated
  }

  /// True when, negation aside, this happened whenever `other` happened.
  func covers(_ other: Event) -> Bool {
    agent.covers(other.agent) && verb.meaning == other.verb.meaning
      && patient.covers(other.patient) && (place == nil || place == other.place)
      && (time == nil || time == other.time)
  }

  /// What this statement, taken as true, says about `hypothesis`.
  func relation(to hypothesis: Event) -> Relation {
    // A denial passes from the general to the special, a claim from the special to the general.
    let bears = isNegated ? covers(hypothesis) : hypothesis.covers(self)
    guard bears else { return .neutral }
    return isNegated == hypothesis.isNegated ? .entailment : .contradiction
  }
}
