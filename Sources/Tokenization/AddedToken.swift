/// A token beside those that merges make, found where a text spells it out.
struct AddedToken: Hashable, Sendable {
  var id: Int
  var content: String
  /// Whether decoded text leaves it out.
  var isSpecial: Bool
}

extension AddedToken: Decodable {
  private enum Keys: String, CodingKey { case id, content, special, lstrip, rstrip, single_word }

  /// Reads an entry of `added_tokens` in `tokenizer.json`, or of `added_tokens_decoder` in
  /// `tokenizer_config.json`, where the id is its key.
  ///
  /// - Throws: `ForeignVocabulary` where the spaces or words around the token matter.
  init(from decoder: any Decoder) throws {
    let written = try decoder.container(keyedBy: Keys.self)
    content = try written.decode(String.self, forKey: .content)
    if let id = try written.decodeIfPresent(Int.self, forKey: .id) {
      self.id = id
    } else if let id = decoder.codingPath.last.flatMap({ Int($0.stringValue) }) {
      self.id = id
    } else {
      throw DecodingError.keyNotFound(
        Keys.id, .init(codingPath: decoder.codingPath, debugDescription: "a token without an id"))
    }
    isSpecial = try written.decodeIfPresent(Bool.self, forKey: .special) ?? false
    for key in [Keys.lstrip, .rstrip, .single_word]
    where try written.decodeIfPresent(Bool.self, forKey: key) ?? false {
      throw ForeignVocabulary(
        reason: """
          its added token '\(content)' has \(key.rawValue), which GPT-2 has not: use a vocabulary \
          made for GPT-2
          """)
    }
  }
}

/// Why a whole vocabulary is none that GPT-2 can use.
struct ForeignVocabulary: Error {
  var reason: String
}
