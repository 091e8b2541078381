/// A token of `tokenizer_config.json`, given by its spelling alone or by an object that holds it.
struct SpecialToken: Decodable {
  var content: String

  private enum Keys: String, CodingKey { case content }

  init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      content = text
    } else {
      content = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .content)
    }
  }
}
