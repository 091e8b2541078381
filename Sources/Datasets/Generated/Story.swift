/// One sentence of plain text, and what the next one may take up again.
struct Story: Sendable {
  var event: Event
  var sentence: String

  /// A first sentence.
  init(_ draws: inout Draws) {
    var event = draws.event()
    event.isNegated = draws.chance(15)
    self.init(telling: event, &draws)
  }

  private init(telling event: Event, _ draws: inout Draws) {
    self.event = event
    sentence = event.text(draws.pick(EventForm.allCases), emphatic: draws.chance(30))
  }

  /// A next sentence: the same again in other words, what follows, a judgement, or what a thing is.
  func continued(_ draws: inout Draws) -> Story {
    var next = event
    switch draws.below(6) {
    case 0:
      next.verb = draws.synonym(of: event.verb)
      return Story(telling: next, &draws)
    case 1:
      next = draws.event()
      next.agent = event.agent
      if next.patient == next.agent { next.patient = draws.person(not: next.agent) }
      return Story(telling: next, &draws)
    case 2:
      guard case .thing(let thing) = event.patient, let kind = Lexicon.kind(of: thing) else {
        fallthrough
      }
      next.patient = .kind(kind)
      var story = Story(telling: next, &draws)
      if draws.chance(50) {
        story.sentence = [event.patient.text, "is", next.patient.text].spaced
      }
      story.event = event
      return story
    case 3:
      next = draws.altered(event)
      return Story(telling: next, &draws)
    default:
      var story = self
      story.sentence = Story.judgements(&draws)
      return story
    }
  }

  /// Two judgements by two people who agree.
  private static func judgements(_ draws: inout Draws) -> String {
    let isPositive = draws.chance(50)
    let topic = draws.pick(Lexicon.topics)
    var texts: [String] = []
    for _ in 0..<2 {
      let opinion = draws.opinion(isPositive: isPositive, topic: topic)
      texts.append(
        opinion.text(
          draws.pick(OpinionForm.allCases), asideForm: draws.pick(OpinionForm.allCases),
          holder: draws.pick(Lexicon.names)))
    }
    return texts.joined(separator: ". ")
  }
}
