import Foundation

/// Which files of a Hugging Face repository make up a backbone.
struct BackboneFiles {
  /// `NAME` or `ORGANISATION/NAME`.
  let name: String

  /// - Throws: `FetchError.badBackboneName` for anything that is no such name.
  init(_ name: String) throws(FetchError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let allowed = parts.allSatisfy { part in
      !part.isEmpty && !part.hasPrefix(".")
        && part.unicodeScalars.allSatisfy { BackboneFiles.characters.contains($0) }
    }
    guard allowed, (1...2).contains(parts.count) else { throw .badBackboneName(name) }
    self.name = name
  }

  /// The repositories to ask, in this order: old short names have moved under an organisation.
  var repositories: [String] {
    if name.contains("/") { return [name] }
    if name.hasPrefix("t5-") { return ["google-t5/\(name)", name] }
    if name.hasPrefix("gpt2") { return ["openai-community/\(name)", name] }
    return [name]
  }

  static let configuration = "config.json"
  static let weights = "model.safetensors"
  static let weightsIndex = "model.safetensors.index.json"
  /// At least one of these sets tells how texts become ids.
  static let vocabularies = [["spiece.model"], ["tokenizer.json"], ["vocab.json", "merges.txt"]]
  /// Fetched where they exist.
  static let extras = [
    "tokenizer_config.json", "special_tokens_map.json", "generation_config.json",
  ]

  /// The shards that an index of weights names, each once, sorted.
  static func shards(inIndex file: URL) throws(FetchError) -> [String] {
    let data = try atFileSystem(file.path) { try Data(contentsOf: file) }
    struct Index: Decodable { var weight_map: [String: String] }
    guard let index = try? JSONDecoder().decode(Index.self, from: data) else {
      throw .corrupt(
        path: file.path, reason: "it is no index of weights", remedy: "fetch the backbone again")
    }
    let shards = Set(index.weight_map.values).sorted()
    for shard in shards where shard.contains("/") || shard.hasPrefix(".") {
      throw .unsafeEntry(
        archive: file.path, entry: shard, reason: "leads out of the folder")
    }
    return shards
  }

  private static let characters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".unicodeScalars)
}
