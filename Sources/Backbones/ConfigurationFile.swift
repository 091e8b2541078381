import Foundation

/// The `config.json` of a directory in Hugging Face layout.
struct ConfigurationFile {
  let path: String
  /// What it calls its kind of model: `t5`, `gpt2`.
  let family: String?
  private let data: Data

  /// - Throws: `BackboneError.missing` where there is none.
  init(directory: String) throws(BackboneError) {
    path = "\(directory)/config.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(directory: directory)
    }
    struct Kind: Decodable { let model_type: String? }
    family = (try? JSONDecoder().decode(Kind.self, from: data))?.model_type
    self.data = data
  }

  /// - Throws: `BackboneError.malformedConfiguration` that names the key.
  func decoded<Value: Decodable>(_ type: Value.Type) throws(BackboneError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch DecodingError.keyNotFound(let key, _) {
      throw .malformedConfiguration(path: path, reason: "the key '\(key.stringValue)' is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .malformedConfiguration(
        path: path, reason: "the value of '\(key)' has the wrong type")
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .malformedConfiguration(path: path, reason: "the value of '\(key)' is not supported")
    } catch {
      throw .malformedConfiguration(path: path, reason: "it is not valid JSON")
    }
  }
}
