extension Draws {
  /// A person, by name or by role.
  mutating func person() -> NounPhrase {
    chance(60) ? .name(pick(Lexicon.names)) : .role(pick(Lexicon.roles))
  }

  /// A person other than `excluded`.
  mutating func person(not excluded: NounPhrase) -> NounPhrase {
    var other = person()
    while other == excluded { other = person() }
    return other
  }

  /// Something that happened.
  ///
  /// - Parameters:
  ///   - amongPeople: per cent of events in which a person does something to a person.
  ///   - place, time: per cent of events that say where, and when.
  mutating func event(amongPeople: Int = 30, place: Int = 60, time: Int = 20) -> Event {
    let agent = person()
    let isDealing = chance(amongPeople)
    return Event(
      agent: agent, verb: pick(isDealing ? Lexicon.dealings : Lexicon.deeds),
      patient: isDealing ? person(not: agent) : .thing(pick(Lexicon.things)),
      place: chance(place) ? pick(Lexicon.places) : nil,
      time: chance(time) ? pick(Lexicon.times) : nil)
  }

  /// A verb that can stand where `verb` stands and means the same; itself in half of the draws.
  mutating func synonym(of verb: Verb) -> Verb {
    let same = (Lexicon.deeds + Lexicon.dealings).filter { $0.meaning == verb.meaning }
    return pick(same)
  }

  /// An event that differs from `event` in exactly one of its parts.
  mutating func altered(_ event: Event) -> Event {
    var other = event
    switch below(event.place == nil ? 3 : 4) {
    case 0:
      repeat { other.agent = person(not: event.agent) } while other.agent == event.patient
    case 1:
      let verbs = Lexicon.dealings.contains(event.verb) ? Lexicon.dealings : Lexicon.deeds
      while other.verb.meaning == event.verb.meaning { other.verb = pick(verbs) }
    case 2:
      switch event.patient {
      case .thing(let thing): other.patient = .thing(pick(Lexicon.things, not: thing))
      case .kind(let kind): other.patient = .kind(pick(Lexicon.kinds.map(\.name), not: kind))
      case .name, .role:
        repeat { other.patient = person(not: event.patient) } while other.patient == event.agent
      }
    default:
      if let place = event.place { other.place = pick(Lexicon.places, not: place) }
    }
    return other
  }

  /// An opinion on subjects of one topic that is positive or negative as asked.
  ///
  /// - Parameters:
  ///   - negated: per cent of claims that are negated.
  ///   - joined: per cent of opinions that have two claims.
  mutating func opinion(
    isPositive: Bool, topic: Lexicon.Kind, negated: Int = 25, joined: Int = 30
  ) -> Opinion {
    let main = claim(isPositive: isPositive, topic: topic, negated: negated)
    guard chance(joined) else { return Opinion(main: main) }
    let link = pick(Opinion.Link.allCases)
    var aside = claim(
      isPositive: isPositive == (link == .and), topic: topic, negated: negated)
    aside.subject = pick(topic.members, not: main.subject)
    return Opinion(main: main, aside: aside, link: link)
  }

  private mutating func claim(
    isPositive: Bool, topic: Lexicon.Kind, negated: Int
  ) -> Opinion.Claim {
    let isNegated = chance(negated)
    let subject = pick(topic.members)
    if chance(25) {
      let words = isPositive != isNegated ? Lexicon.liking : Lexicon.disliking
      return Opinion.Claim(subject: subject, word: pick(words), isNegated: isNegated)
    }
    let words = isPositive != isNegated ? Lexicon.praise : Lexicon.blame
    return Opinion.Claim(
      subject: subject, word: pick(words), degree: chance(40) ? pick(Lexicon.degrees) : nil,
      isNegated: isNegated)
  }
}
