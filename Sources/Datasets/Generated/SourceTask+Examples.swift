extension SourceTask {
  private func statement(_ event: Event, _ draws: inout Draws) -> String {
    event.text(draws.pick(EventForm.familiar), emphatic: draws.chance(30))
  }

  private func opinion(_ opinion: Opinion, _ draws: inout Draws) -> String {
    opinion.text(
      draws.pick(OpinionForm.familiar), asideForm: draws.pick(OpinionForm.familiar),
      holder: draws.pick(Lexicon.names))
  }

  /// An instruction, a text, and what to answer.
  private func asking(_ text: String, _ answer: String, _ draws: inout Draws) -> Example {
    Example(source: "\(instruction(&draws)): \(text).", target: answer)
  }

  /// The instruction, the scheme of the answers where it is not the task's own, and the text.
  private func answering(
    _ usual: [String], with label: Int, to text: String, _ draws: inout Draws
  ) -> Example {
    let scheme = AnswerScheme(&draws)
    let request = [instruction(&draws), scheme.wording].spaced
    return Example(source: "\(request): \(text).", target: scheme.names(usual)[label])
  }

  func mood(_ draws: inout Draws) -> Example {
    let isPositive = draws.chance(50)
    let meaning = draws.opinion(isPositive: isPositive, topic: draws.pick(Lexicon.topics))
    return answering(
      ["bad", "good"], with: isPositive ? 1 : 0, to: opinion(meaning, &draws), &draws)
  }

  func aspects(_ draws: inout Draws) -> Example {
    let meaning = draws.opinion(
      isPositive: draws.chance(50), topic: draws.pick(Lexicon.topics), joined: 60)
    let text = opinion(meaning, &draws)
    let claims = [meaning.aside, meaning.main].compactMap { $0 }
    let answer = claims.map { "\($0.subject) \($0.isPositive ? "good" : "bad")" }
    return asking(text, answer.joined(separator: ", "), &draws)
  }

  func find(_ draws: inout Draws) -> Example {
    let event = draws.event(place: 30, time: 0)
    let isThere = draws.chance(50)
    var other = draws.event(place: 0, time: 0)
    while other.verb.meaning == event.verb.meaning || other.patient == event.patient
      || other.patient == event.agent
    {
      other = draws.event(place: 0, time: 0)
    }
    let (verb, phrase) = isThere ? (event.verb, event.patient) : (other.verb, other.patient)
    let asked = draws.chance(50) ? draws.synonym(of: verb).plain : phrase.text
    return answering(
      ["no", "yes"], with: isThere ? 1 : 0, to: "\(asked)? \(statement(event, &draws))", &draws)
  }

  func ask(_ draws: inout Draws) -> Example {
    var fact = draws.event(place: 40, time: 10)
    fact.isNegated = draws.chance(35)
    var asked = fact
    asked.isNegated = false
    asked.verb = draws.synonym(of: fact.verb)
    if !fact.isNegated {
      if draws.chance(40) { asked.place = nil }
      if draws.chance(30), case .thing(let thing) = asked.patient,
        let kind = Lexicon.kind(of: thing)
      {
        asked.patient = .kind(kind)
      }
    }
    if draws.chance(35) { asked = draws.altered(asked) }
    let answer =
      switch fact.relation(to: asked) {
      case .entailment: 0
      case .neutral: 1
      case .contradiction: 2
      }
    return answering(
      ["yes", "unknown", "no"], with: answer,
      to: asked.question(passive: draws.chance(40)) + " " + statement(fact, &draws), &draws)
  }

  func match(_ draws: inout Draws) -> Example {
    var first = draws.event(place: 40, time: 0)
    first.isNegated = draws.chance(20)
    var second = first
    second.verb = draws.synonym(of: first.verb)
    if draws.chance(50) {
      if Lexicon.dealings.contains(first.verb), draws.chance(40) {
        swap(&second.agent, &second.patient)
      } else if draws.chance(20) {
        second.isNegated.toggle()
      } else {
        second = draws.altered(second)
      }
    }
    return answering(
      ["different", "same"], with: first.means(second) ? 1 : 0,
      to: statement(first, &draws) + ". " + statement(second, &draws), &draws)
  }

  func topic(_ draws: inout Draws) -> Example {
    let topic = draws.pick(Lexicon.topics)
    let meaning = draws.opinion(isPositive: draws.chance(50), topic: topic)
    return asking(opinion(meaning, &draws), topic.name, &draws)
  }

  func count(_ draws: inout Draws) -> Example {
    let events = (0..<1 + draws.below(3)).map { _ in
      draws.event(amongPeople: 50, place: 20, time: 0)
    }
    var people: [NounPhrase] = []
    for event in events {
      people.append(event.agent)
      if Lexicon.dealings.contains(event.verb) { people.append(event.patient) }
    }
    let text = events.map { statement($0, &draws) }.joined(separator: ". ")
    return asking(text, String(people.count), &draws)
  }

  func denied(_ draws: inout Draws) -> Example {
    var event = draws.event(time: 10)
    event.isNegated = draws.chance(50)
    return answering(
      ["false", "true"], with: event.isNegated ? 1 : 0, to: statement(event, &draws), &draws)
  }

  func tell(_ draws: inout Draws) -> Example {
    let event = draws.event(place: 100, time: 0)
    var facts = [statement(event, &draws)]
    if draws.chance(50) {
      // Somebody else, elsewhere: the question has one answer.
      var other = draws.altered(event)
      other.agent = draws.person(not: event.agent)
      if other.agent != event.patient, other.verb.meaning != event.verb.meaning {
        facts.append(statement(other, &draws))
        facts = draws.shuffled(facts)
      }
    }
    let verb = draws.synonym(of: event.verb)
    let (question, answer) =
      switch draws.below(3) {
      case 0: ("who \(verb.past) \(event.patient.text)?", event.agent.text)
      case 1: ("\(event.agent.text) \(verb.past) who or what?", event.patient.text)
      default: ("where was \(event.patient.text) \(verb.participle)?", event.place ?? "nowhere")
      }
    return asking(question + " " + facts.joined(separator: ". "), answer, &draws)
  }

  func kind(_ draws: inout Draws) -> Example {
    let event = draws.event(amongPeople: 0, place: 30, time: 0)
    guard case .thing(let thing) = event.patient, let kind = Lexicon.kind(of: thing) else {
      return plain(&draws)
    }
    let text = draws.chance(30) ? event.patient.text : statement(event, &draws)
    return asking(text, kind, &draws)
  }

  func new(_ draws: inout Draws) -> Example {
    let first = draws.event(place: 40, time: 0)
    var second = first
    second.verb = draws.synonym(of: first.verb)
    var answer = "nothing"
    if draws.chance(75) {
      let altered = draws.altered(second)
      if altered.agent != second.agent { answer = altered.agent.text }
      if altered.verb.meaning != second.verb.meaning { answer = altered.verb.meaning }
      if altered.patient != second.patient { answer = altered.patient.text }
      if altered.place != second.place { answer = altered.place ?? "nothing" }
      second = altered
    }
    return asking(
      statement(first, &draws) + ". " + statement(second, &draws), answer, &draws)
  }

  func plain(_ draws: inout Draws) -> Example {
    var event = draws.event(amongPeople: 50)
    event.isNegated = draws.chance(25)
    let text = statement(event, &draws)
    let verbs = Lexicon.deeds + Lexicon.dealings
    if let canonical = verbs.first(where: { $0.plain == event.verb.meaning }) {
      event.verb = canonical
    }
    return asking(text, event.text(.active), &draws)
  }
}
