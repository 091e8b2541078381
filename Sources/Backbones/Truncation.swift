/// Which end of a source that is too long is lost.
public enum Truncation: String, Hashable, Sendable, Codable, CaseIterable {
  /// The last pieces, as transformers cuts.
  case end
  /// The first pieces.
  case start
}
