/// A report as a value: what it says, without how it looks. Renderers turn it into files.
///
/// It crosses the pipe between a script and its host as JSON, so every number in it is finite.
public struct Document: Hashable, Sendable, Codable {
  /// The main heading, plain text.
  public var title: String
  /// A few words above the title: the experiment's name.
  public var kicker: String
  /// Short facts shown under the title: `27 of 27 runs`, `3 seeds`.
  public var facts: [String]
  /// What the document was computed from: shown in header comments of generated files.
  public var digests: [Digest]
  public var blocks: [Block]
  /// What parts of it could not be computed and why, a sentence each; each also says so in place.
  public var faults: [String]

  public init(
    title: String, kicker: String = "", facts: [String] = [], digests: [Digest] = [],
    blocks: [Block] = [], faults: [String] = []
  ) {
    self.title = title
    self.kicker = kicker
    self.facts = facts
    self.digests = digests
    self.blocks = blocks
    self.faults = faults
  }
}

/// A name and the digest, version or count that identifies one of a document's sources.
public struct Digest: Hashable, Sendable, Codable {
  public var label: String
  public var value: String

  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}
