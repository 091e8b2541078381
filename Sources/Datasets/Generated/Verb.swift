/// A transitive verb in the three forms that the grammar needs, and what it means.
struct Verb: Hashable, Sendable {
  var plain: String
  var past: String
  var participle: String
  /// The plain form of the synonym that stands for the meaning.
  var meaning: String

  /// - Parameters:
  ///   - past: `nil` for the regular form.
  ///   - participle: `nil` for the past form.
  init(_ plain: String, _ past: String? = nil, _ participle: String? = nil, means meaning: String) {
    self.plain = plain
    let regular = plain.hasSuffix("e") ? plain + "d" : plain + "ed"
    self.past = past ?? regular
    self.participle = participle ?? past ?? regular
    self.meaning = meaning
  }
}
