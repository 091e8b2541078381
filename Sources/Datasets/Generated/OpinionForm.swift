/// A way to put a claim into words.
enum OpinionForm: CaseIterable, Hashable, Sendable {
  /// the soup was not very good
  case was
  /// the soup never seemed very good
  case seemed
  /// anna thought the soup was not very good
  case thought
  /// nobody would call the soup very good, or: anyone would call …
  case call

  /// The forms in which source tasks are written.
  static let familiar: [OpinionForm] = [.was, .seemed]
  /// The forms that no source task is written in: only plain text and target tasks.
  static let unfamiliar: [OpinionForm] = [.thought, .call]
}

extension Opinion.Claim {
  /// The clause without its full stop.
  ///
  /// - Parameters:
  ///   - form: of no effect on a verb of liking, which has one form: anna never loved the soup.
  ///   - holder: the name of the one who judges, where the form names one.
  func text(_ form: OpinionForm, holder: String) -> String {
    let subject = "the " + subject
    if Lexicon.liking.contains(word) || Lexicon.disliking.contains(word) {
      return [holder, isNegated ? "never" : nil, word, subject].spaced
    }
    switch form {
    case .was: return [subject, "was", isNegated ? "not" : nil, degree, word].spaced
    case .seemed: return [subject, isNegated ? "never" : nil, "seemed", degree, word].spaced
    case .thought:
      return [holder, "thought", subject, "was", isNegated ? "not" : nil, degree, word].spaced
    case .call:
      return [isNegated ? "nobody" : "anyone", "would call", subject, degree, word].spaced
    }
  }
}

extension Opinion {
  /// The sentence without its full stop.
  func text(_ form: OpinionForm, asideForm: OpinionForm, holder: String) -> String {
    let decisive = main.text(form, holder: holder)
    guard let aside = aside?.text(asideForm, holder: holder) else { return decisive }
    switch link {
    case .and: return aside + " and " + decisive
    case .but: return aside + " but " + decisive
    case .although: return "although " + aside + ", " + decisive
    }
  }
}

extension [String?] {
  /// The parts that are there, with single spaces between them.
  var spaced: String { compactMap { $0 }.joined(separator: " ") }
}
