import NeuralNetworks

/// What a soft prompt starts as.
public enum PromptStart: Hashable, Sendable, Codable {
  /// Word embeddings sampled from the most frequent pieces of the vocabulary.
  case sampledVocabulary
  /// Word embeddings of a text, repeated cyclically.
  case text(String)
  /// Uniform in ±0.5, as in arXiv 2104.08691.
  case random

  /// As an initializer, given where the word embeddings lie.
  func initializer(_ table: SitePath = SitePath(.shared, nil, .embedding)) -> Initializer {
    switch self {
    case .sampledVocabulary: .sampledVocabulary(5000, table: table)
    case .text(let text): .embeddings(of: text, table: table)
    case .random: .uniform(0.5)
    }
  }
}
