/// What can be wrong with a vocabulary: its files, or the text it is to be trained from.
public enum TokenizerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no file at this path.
  case missingFile(path: String)
  /// The directory holds no vocabulary of a kind that is known.
  case missingVocabulary(directory: String)
  /// The file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// The file is not a SentencePiece model, or not a whole one.
  case malformedModel(path: String, reason: String)
  /// A file of the vocabulary is there without one that belongs to it.
  case missingPartner(path: String, of: String)
  /// The vocabulary is not one, or its parts contradict each other; the reason ends in a remedy.
  case malformedVocabulary(path: String, line: Int?, reason: String)
  /// The vocabulary lacks a piece that the tokenizer cannot do without.
  case missingPiece(path: String, role: String)
  /// A settings file beside the model cannot be understood.
  case malformedSettings(path: String, reason: String)
  /// A vocabulary could not be trained.
  case untrainable(reason: String)
  /// A vocabulary could not be written.
  case unwritable(path: String, reason: String)

  /// Whether something that should be there is not, rather than being wrong.
  public var isMissingInput: Bool {
    switch self {
    case .missingFile, .missingVocabulary, .missingPartner: true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .missingFile(let path):
      "there is no file \(path): check the path of the vocabulary"
    case .missingVocabulary(let directory):
      """
      \(directory) holds none of spiece.model, tokenizer.json and vocab.json: copy the \
      vocabulary of the backbone into it
      """
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .malformedModel(let path, let reason):
      "\(path) is not a whole SentencePiece model (\(reason)): fetch or copy it again"
    case .missingPartner(let path, let other):
      "there is no file \(path), which \(other) needs: copy both from one vocabulary"
    case .malformedVocabulary(let path, let line, let reason):
      "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
    case .missingPiece(let path, let role):
      "\(path) has no \(role) piece, which T5 needs: use a vocabulary made for T5"
    case .malformedSettings(let path, let reason):
      "\(path) cannot be used: \(reason)"
    case .untrainable(let reason):
      "cannot train a vocabulary: \(reason)"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }
}
