/// A way to put an event into words.
enum EventForm: CaseIterable, Hashable, Sendable {
  /// anna bought a hammer in the market
  case active
  /// a hammer was bought by anna in the market
  case passive
  /// in the market anna bought a hammer
  case settingFirst
  /// it was anna who bought a hammer in the market
  case cleft
  /// they say that anna bought a hammer in the market
  case report

  /// The forms in which source tasks and plain text are written.
  static let familiar: [EventForm] = [.active, .passive, .settingFirst]
  /// The forms that no source task is written in: only plain text and target tasks.
  static let unfamiliar: [EventForm] = [.cleft, .report]
}

extension Event {
  /// The sentence without its full stop.
  ///
  /// A denial has no cleft form (it would presuppose the deed); it is then told as a report.
  /// - Parameter emphatic: says `never` instead of `did not`.
  func text(_ form: EventForm, emphatic: Bool = false) -> String {
    switch form {
    case .active: join(agent.text, activeVerb(emphatic), patient.text, place, time)
    case .passive:
      join(patient.text, passiveVerb(emphatic), "by", agent.text, place, time)
    case .settingFirst: join(time, place, agent.text, activeVerb(emphatic), patient.text)
    case .cleft:
      isNegated
        ? text(.report, emphatic: emphatic)
        : join("it was", agent.text, "who", verb.past, patient.text, place, time)
    case .report: "they say that " + text(.active, emphatic: emphatic)
    }
  }

  /// The yes-or-no question whether this happened; a negation is not asked about.
  func question(passive: Bool) -> String {
    passive
      ? join("was", patient.text, verb.participle, "by", agent.text, place, time) + "?"
      : join("did", agent.text, verb.plain, patient.text, place, time) + "?"
  }

  private func activeVerb(_ emphatic: Bool) -> String {
    guard isNegated else { return verb.past }
    return emphatic ? "never " + verb.past : "did not " + verb.plain
  }

  private func passiveVerb(_ emphatic: Bool) -> String {
    guard isNegated else { return "was " + verb.participle }
    return (emphatic ? "was never " : "was not ") + verb.participle
  }

  private func join(_ parts: String?...) -> String { parts.spaced }
}
