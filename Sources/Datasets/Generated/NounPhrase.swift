/// Who or what takes part in an event.
enum NounPhrase: Hashable, Sendable {
  /// A person with a name: `anna`.
  case name(String)
  /// A person with a role: `the baker`.
  case role(String)
  /// One thing, not further determined: `a hammer`.
  case thing(String)
  /// One thing of a kind: `a tool`.
  case kind(String)

  /// The noun phrase in English.
  var text: String {
    switch self {
    case .name(let name): name
    case .role(let role): "the " + role
    case .thing(let noun), .kind(let noun):
      ("aeiou".contains(noun.prefix(1)) ? "an " : "a ") + noun
    }
  }

  /// True when this phrase is true of everything that `other` is true of.
  func covers(_ other: NounPhrase) -> Bool {
    if self == other { return true }
    if case .kind(let kind) = self, case .thing(let thing) = other {
      return Lexicon.kind(of: thing) == kind
    }
    return false
  }
}
