/// Why a backbone cannot be used; each a sentence with its remedy.
public enum BackboneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such directory, or it has no `config.json`.
  case missing(directory: String)
  /// `config.json` cannot be understood.
  case malformedConfiguration(path: String, reason: String)
  /// An architecture that is not built in.
  case unsupported(path: String, architecture: String)
  /// Token ids of the tokenizer do not fit the embedding table.
  case vocabularyMismatch(directory: String, tokenizer: Int, embedding: Int)
  /// No backbone has this name.
  case unknown(name: String, known: [String])

  /// Whether an input file is missing, rather than wrong.
  public var isMissingInput: Bool {
    if case .missing = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .missing(let directory):
      "There is no backbone in \(directory): it needs config.json, model.safetensors and a"
        + " tokenizer (T5's spiece.model, GPT-2's vocab.json and merges.txt) as Hugging Face lays"
        + " them out; fetch a published one with: dept fetch NAME."
    case .malformedConfiguration(let path, let reason):
      "\(path) does not describe a model: \(reason)."
    case .unsupported(let path, let architecture):
      "\(path) describes a '\(architecture)', and only T5 (v1.0 and v1.1) and GPT-2 are built in;"
        + " choose a model of these."
    case .vocabularyMismatch(let directory, let tokenizer, let embedding):
      "The tokenizer in \(directory) has \(tokenizer) pieces and the model only \(embedding)"
        + " embeddings; they belong to different models."
    case .unknown(let name, let known):
      "There is no backbone named '\(name)'; known are \(known.joined(separator: ", ")), any"
        + " Hugging Face org/name that was fetched, and directories."
    }
  }
}
