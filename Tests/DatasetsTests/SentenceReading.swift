import Foundation

@testable import Datasets

/// Reads generated sentences back, without the values they were written from.
enum SentenceReading {
  /// The label that the text of an example deserves; `nil` where it cannot be read.
  static func label(of source: String, task: GeneratedTask) -> String? {
    switch task {
    case .sentiment:
      return opinion(source.dropping("sentence: "))
    case .paraphrase:
      let texts = source.dropping("sentence1: ").components(separatedBy: " sentence2: ")
      guard texts.count == 2, let a = event(texts[0]), let b = event(texts[1]) else { return nil }
      return a == b ? "1" : "0"
    case .entailment:
      let texts = source.dropping("premise: ").components(separatedBy: " hypothesis: ")
      guard texts.count == 2, let p = event(texts[0]), let h = event(texts[1]) else { return nil }
      let bears = p.isNegated ? h.specialises(p) : p.specialises(h)
      guard bears else { return "1" }
      return p.isNegated == h.isNegated ? "0" : "2"
    }
  }

  /// What was read of a statement.
  struct Statement: Equatable {
    var agent: String
    var patient: String
    var deed: String
    var place: String?
    var time: String?
    var isNegated: Bool

    /// True when this says at least what `other` says, negation aside.
    func specialises(_ other: Statement) -> Bool {
      agent == other.agent && deed == other.deed && (other.place == nil || place == other.place)
        && (other.time == nil || time == other.time)
        && (patient == other.patient
          || Lexicon.kind(of: patient.bareNoun).map { $0 == other.patient.bareNoun } == true)
    }
  }

  private static func event(_ sentence: String) -> Statement? {
    var text = " " + sentence.replacingOccurrences(of: ".", with: "") + " "
    func take(_ phrases: [String]) -> String? {
      for phrase in phrases {
        if let range = text.range(of: " \(phrase) ") {
          text.replaceSubrange(range, with: " ")
          return phrase
        }
      }
      return nil
    }
    _ = take(["they say that"])
    let isCleft = take(["it was"]) != nil
    let place = take(Lexicon.places)
    let time = take(Lexicon.times)
    let isNegated = take(["did not", "never", "not"]) != nil
    let verbs = Lexicon.deeds + Lexicon.dealings
    var words = text.split(separator: " ").map(String.init)
    let isPassive = words.contains("by")
    guard
      let at = words.firstIndex(where: { word in
        verbs.contains { [$0.plain, $0.past, $0.participle].contains(word) }
      }), let verb = verbs.first(where: { [$0.plain, $0.past, $0.participle].contains(words[at]) })
    else { return nil }
    let structural = ["was", "by", "who"]
    let before = words[..<at].filter { !structural.contains($0) }.joined(separator: " ")
    words.removeSubrange(...at)
    let after = words.filter { !structural.contains($0) }.joined(separator: " ")
    if isCleft && isPassive { return nil }
    return Statement(
      agent: isPassive ? after : before, patient: isPassive ? before : after, deed: verb.meaning,
      place: place, time: time, isNegated: isNegated)
  }

  private static func opinion(_ sentence: String) -> String? {
    // The clause that decides stands last in every joined sentence.
    let clause =
      sentence.components(separatedBy: " but ").last?.components(separatedBy: " and ").last?
      .components(separatedBy: ", ").last ?? sentence
    let words = clause.replacingOccurrences(of: ".", with: "").split(separator: " ")
      .map(String.init)
    let isNegated = words.contains { ["not", "never", "nobody", "hardly"].contains($0) }
    if words.contains(where: { (Lexicon.praise + Lexicon.liking).contains($0) }) {
      return isNegated ? "0" : "1"
    }
    if words.contains(where: { (Lexicon.blame + Lexicon.disliking).contains($0) }) {
      return isNegated ? "1" : "0"
    }
    return nil
  }
}

extension String {
  fileprivate func dropping(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }

  fileprivate var bareNoun: String { split(separator: " ").last.map(String.init) ?? self }
}
