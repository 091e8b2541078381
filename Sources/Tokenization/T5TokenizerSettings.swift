import Foundation

/// What `tokenizer_config.json` says about a T5 vocabulary, as Hugging Face writes it.
struct T5TokenizerSettings: Hashable, Sendable {
  /// The number of sentinels `<extra_id_0>`, `<extra_id_1>` …
  var sentinels = 100
  /// Whether decoded text loses the spaces before punctuation and contractions.
  var tidiesSpaces = false

  /// What transformers assumes where the file does not say otherwise.
  static let standard = T5TokenizerSettings()
}

extension T5TokenizerSettings {
  private struct Written: Decodable {
    var extra_ids: Int?
    var additional_special_tokens: [SpecialToken]?
    var clean_up_tokenization_spaces: Bool?
  }

  /// Reads `tokenizer_config.json` of a directory; the standard settings where there is none.
  init(directory: String) throws(TokenizerError) {
    let path = URL(filePath: directory).appending(path: "tokenizer_config.json")
      .path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else {
      self = .standard
      return
    }
    let written: Written
    do {
      written = try JSONDecoder().decode(
        Written.self, from: Data(contentsOf: URL(filePath: path)))
    } catch {
      throw .malformedSettings(
        path: path,
        reason: """
          it is not a JSON object whose extra_ids is a number, additional_special_tokens a list \
          and clean_up_tokenization_spaces true or false
          """)
    }
    let listed = written.additional_special_tokens?.count { $0.content.hasPrefix("<extra_id_") }
    let count = written.extra_ids ?? listed.flatMap { $0 > 0 ? $0 : nil } ?? Self.standard.sentinels
    guard (0...100_000).contains(count) else {
      throw .malformedSettings(
        path: path, reason: "extra_ids is \(count) and must be between 0 and 100000")
    }
    sentinels = count
    tidiesSpaces = written.clean_up_tokenization_spaces ?? Self.standard.tidiesSpaces
  }
}
