extension GeneratedTask {
  /// One item whose gold label is `label`.
  func item(label: Int, _ draws: inout Draws) -> Item {
    switch self {
    case .sentiment: judgement(isPositive: label == 1, &draws)
    case .entailment: inference(Event.Relation.allCases[label], &draws)
    case .paraphrase: pair(isParaphrase: label == 1, &draws)
    }
  }

  private func judgement(isPositive: Bool, _ draws: inout Draws) -> Item {
    let opinion = draws.opinion(isPositive: isPositive, topic: draws.pick(Lexicon.topics))
    let forms = OpinionForm.familiar + OpinionForm.unfamiliar
    let text = opinion.text(
      draws.pick(forms), asideForm: draws.pick(forms), holder: draws.pick(Lexicon.names))
    return Item(source: "sentence: \(text).", meaning: .judgement(opinion))
  }

  private func inference(_ relation: Event.Relation, _ draws: inout Draws) -> Item {
    var premise = draws.event()
    premise.isNegated = draws.chance(25)
    var hypothesis = premise
    hypothesis.verb = draws.synonym(of: premise.verb)
    if premise.isNegated {
      // What is denied in general is denied in every special case.
      if hypothesis.time == nil, draws.chance(30) { hypothesis.time = draws.pick(Lexicon.times) }
    } else {
      if draws.chance(50) { hypothesis.place = nil }
      if draws.chance(50) { hypothesis.time = nil }
      if case .thing(let thing) = hypothesis.patient, draws.chance(40),
        let kind = Lexicon.kind(of: thing)
      {
        hypothesis.patient = .kind(kind)
      }
    }
    switch relation {
    case .entailment: break
    case .contradiction: hypothesis.isNegated.toggle()
    case .neutral:
      // Of a kind that the premise's thing is not: an alteration is drawn until it is open.
      let settled = hypothesis
      repeat {
        hypothesis = draws.altered(settled)
        hypothesis.isNegated = draws.chance(50)
      } while premise.relation(to: hypothesis) != .neutral
    }
    let texts = (premise.text(form(&draws)), hypothesis.text(form(&draws)))
    return Item(
      source: "premise: \(texts.0). hypothesis: \(texts.1).",
      meaning: .inference(premise: premise, hypothesis: hypothesis))
  }

  private func pair(isParaphrase: Bool, _ draws: inout Draws) -> Item {
    var first = draws.event(amongPeople: 40, time: 30)
    first.isNegated = draws.chance(20)
    var second = first
    second.verb = draws.synonym(of: first.verb)
    if !isParaphrase {
      if Lexicon.dealings.contains(first.verb), draws.chance(40) {
        swap(&second.agent, &second.patient)
      } else if draws.chance(20) {
        second.isNegated.toggle()
      } else {
        second = draws.altered(second)
      }
    }
    var texts = [first.text(form(&draws)), second.text(form(&draws))]
    // Two equal texts would say nothing about meaning.
    if texts[0] == texts[1] {
      texts[1] = EventForm.allCases.map { second.text($0) }.first { $0 != texts[0] } ?? texts[1]
    }
    return Item(
      source: "sentence1: \(texts[0]). sentence2: \(texts[1]).", meaning: .pair(first, second))
  }

  private func form(_ draws: inout Draws) -> EventForm {
    draws.pick(draws.chance(70) ? EventForm.familiar : EventForm.unfamiliar)
  }
}
