import NeuralNetworks
import TensorEngine

/// What a soft prompt starts as.
public enum PromptStart: Hashable, Sendable, Codable {
  /// Word embeddings sampled from the most frequent pieces of the vocabulary.
  case sampledVocabulary
  /// Word embeddings of a text, repeated cyclically.
  case text(String)
  /// A row for each class label, the mean of its pieces' word embeddings, then sampled ones as in
  /// arXiv 2104.08691; labels that find no row are left out.
  case labels([String])
  /// Uniform in ±0.5, as in arXiv 2104.08691.
  case random

  /// What makes the start impossible, one sentence each.
  func issues(_ name: String) -> [String] {
    guard case .labels(let labels) = self, labels.isEmpty else { return [] }
    return ["\(name) starts from class labels, and none is given; list them, or start otherwise"]
  }

  /// As an initializer, given where the word embeddings lie.
  func initializer(_ table: SitePath = SitePath(.shared, nil, .embedding)) -> Initializer {
    let sampled = Initializer.sampledVocabulary(5000, table: table)
    switch self {
    case .sampledVocabulary: return sampled
    case .text(let text): return .embeddings(of: text, table: table)
    case .random: return .uniform(0.5)
    case .labels(let labels):
      return Initializer { shape, context in
        let pieces = labels.prefix(shape[0]).map { label in
          let ids = context.tokenIDs(label)
          // Without the end of the text, unless there is nothing else.
          return (ids.count > 1 ? ids.dropLast() : ids[...]).map(Int32.init)
        }
        let means = context.frozen(table).gathering(pieces.flatMap(\.self))
          .mean(of: Segments(lengths: pieces.map(\.count)))
        guard shape[0] > pieces.count else { return means }
        let rest = sampled([shape[0] - pieces.count, shape[1]], context)
        return Tensor(joiningRows: [means, rest])
      }
    }
  }
}
