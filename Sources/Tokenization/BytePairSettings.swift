import Foundation

/// What the files beside a byte-level BPE vocabulary say about it, as Hugging Face writes them.
struct BytePairSettings {
  /// The tokens that end and fill a sequence, as `tokenizer_config.json` spells them.
  var endToken: String?
  var padToken: String?
  /// The end of a sequence in `config.json`, for vocabularies that do not name one.
  var endID: Int?
  /// The tokens that texts may spell out.
  var added: [AddedToken] = []
  /// Whether texts are given a space to begin with, where the settings say so.
  var startsWithSpace: Bool?
  /// The class of transformers that the vocabulary is made for.
  var tokenizerClass: String?

  /// The token of GPT-2 that stands between texts.
  static let standardEnd = "<|endoftext|>"
}

extension BytePairSettings {
  private struct Written: Decodable {
    var eos_token: SpecialToken?
    var pad_token: SpecialToken?
    var added_tokens_decoder: [String: AddedToken]?
    var add_prefix_space: Bool?
    var add_bos_token: Bool?
    var tokenizer_class: String?
  }

  private struct Configuration: Decodable {
    var eos_token_id: Int?
  }

  /// Reads `tokenizer_config.json` and `config.json` of a directory, as far as they are there.
  init(directory: String) throws(TokenizerError) {
    let configuration = "\(directory)/config.json"
    if VocabularyFile.exists(configuration) {
      // Whoever loads the model says what is wrong with this file.
      let contents = try VocabularyFile.contents(of: configuration)
      endID = (try? JSONDecoder().decode(Configuration.self, from: contents))?.eos_token_id
    }
    let path = "\(directory)/tokenizer_config.json"
    guard VocabularyFile.exists(path) else { return }
    let written = try VocabularyFile.json(
      VocabularyFile.contents(of: path), Written.self, path: path,
      expecting: "settings as Hugging Face writes them")
    if written.add_bos_token ?? false {
      throw .malformedSettings(
        path: path,
        reason: "add_bos_token is true, and no token is put before a text here: set it to false")
    }
    endToken = written.eos_token?.content
    padToken = written.pad_token?.content
    added = (written.added_tokens_decoder ?? [:]).values.sorted { $0.id < $1.id }
    startsWithSpace = written.add_prefix_space
    tokenizerClass = written.tokenizer_class
  }

  /// Refuses vocabularies that lie in the same files and mean something else.
  func checkClass(directory: String) throws(TokenizerError) {
    guard let name = tokenizerClass else { return }
    let known = [
      "GPT2Tokenizer", "GPT2TokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend",
    ]
    guard known.contains(name) else {
      throw .malformedSettings(
        path: "\(directory)/tokenizer_config.json",
        reason: "its vocabulary is for a \(name), use one for a GPT2Tokenizer")
    }
  }
}
