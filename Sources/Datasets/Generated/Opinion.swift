/// The meaning of a sentence that judges something: one or two claims, one of which decides.
struct Opinion: Hashable, Sendable {
  /// What one clause says of one subject.
  struct Claim: Hashable, Sendable {
    var subject: String
    /// An adjective of praise or blame, or a verb of liking or disliking in its past form.
    var word: String
    var degree: String?
    var isNegated: Bool

    /// True when the claim speaks for its subject.
    var isPositive: Bool {
      (Lexicon.praise.contains(word) || Lexicon.liking.contains(word)) != isNegated
    }
  }

  /// How two claims are joined, which says the second one decides.
  enum Link: String, CaseIterable, Sendable {
    case and, but, although
  }

  /// The claim that decides.
  var main: Claim
  /// A claim on the same side (`and`) or on the other (`but`, `although`).
  var aside: Claim?
  var link = Link.and

  /// True when the sentence as a whole speaks for what it is about.
  var isPositive: Bool { main.isPositive }
}
