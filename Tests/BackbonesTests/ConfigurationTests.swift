import Backbones
import Foundation
import Testing

/// `config.json` with one key changed.
@Suite struct ConfigurationTests {
  @Test(
    "what no model can be is refused with the key that says so",
    arguments: [
      ("d_model", 0.0), ("num_layers", -1), ("d_ff", 1e9), ("num_heads", 1e6),
      ("relative_attention_num_buckets", 2), ("relative_attention_max_distance", 4),
      ("relative_attention_max_distance", -5), ("decoder_start_token_id", -1),
      ("decoder_start_token_id", 9999), ("eos_token_id", 9999), ("dropout_rate", 1.5),
      ("layer_norm_epsilon", 0), ("vocab_size", 0),
    ])
  func impossible(key: String, value: Double) throws {
    let whole = value == value.rounded() && key != "dropout_rate" && key != "layer_norm_epsilon"
    let error = try #require(try refusal(key, whole ? Int(value) as Any : value as Any))
    #expect("\(error)".contains(key) || "\(error)".contains("depth or width"), "\(error)")
    #expect(!error.isMissingInput)
  }

  @Test("what is missing, mistyped, of another architecture or no JSON is told apart")
  func malformed() throws {
    #expect("\(try #require(try refusal("d_model", nil)))".contains("'d_model' is missing"))
    #expect("\(try #require(try refusal("d_model", "wide")))".contains("'d_model' has the wrong"))
    #expect("\(try #require(try refusal("model_type", "bert")))".contains("'bert'"))
    let folder = try Self.folder(Data("{".utf8))
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: BackboneError.self) { try T5Configuration(directory: folder.path) }
    let nowhere = #expect(throws: BackboneError.self) { try T5Configuration(directory: "/none") }
    #expect(nowhere?.isMissingInput == true)
  }

  @Test("the digest of a backbone covers what is loaded, and neither cards nor origins")
  func files() throws {
    let folder = try Self.folder(Data("{}".utf8))
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["model.safetensors", "spiece.model", "README.md", "fetched.json"] {
      try Data().write(to: folder.appending(path: name))
    }
    let names = LoadedBackbone.files(in: folder.path).map { URL(filePath: $0).lastPathComponent }
    #expect(names == ["config.json", "model.safetensors", "spiece.model"])
  }

  /// Why nano's configuration with one key changed or left out is refused.
  private func refusal(_ key: String, _ value: Any?) throws -> BackboneError? {
    let nano = try #require(BackboneCatalogue.standard.entry(.nano)?.shippedDirectory)
    let data = try Data(contentsOf: URL(filePath: "\(nano)/config.json"))
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    object[key] = value
    let folder = try Self.folder(JSONSerialization.data(withJSONObject: object))
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      _ = try T5Configuration(directory: folder.path)
      return nil
    } catch {
      return error
    }
  }

  private static func folder(_ configuration: Data) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try configuration.write(to: folder.appending(path: "config.json"))
    return folder
  }
}
