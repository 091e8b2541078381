import Foundation

/// Which file of a sharded checkpoint holds which tensor (`model.safetensors.index.json`).
struct ShardIndex {
  let path: String
  /// The names of the shards, sorted.
  let files: [String]
  /// The position of each tensor's shard in `files`.
  let shardOfTensor: [String: Int]

  private struct Written: Decodable {
    var weight_map: [String: String]
  }

  init(path: String) throws(CheckpointError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard let written = try? JSONDecoder().decode(Written.self, from: data) else {
      throw .malformedIndex(
        path: path, reason: "it is not a JSON object whose weight_map gives each tensor its file")
    }
    guard !written.weight_map.isEmpty else {
      throw .malformedIndex(path: path, reason: "its weight_map is empty")
    }
    let files = Set(written.weight_map.values).sorted()
    for file in files where file.isEmpty || file.contains("/") || file.hasPrefix(".") {
      throw .malformedIndex(path: path, reason: "'\(file)' is not the name of a file beside it")
    }
    let positions = Dictionary(zip(files, files.indices), uniquingKeysWith: { first, _ in first })
    self.path = path
    self.files = files
    shardOfTensor = written.weight_map.compactMapValues { positions[$0] }
  }

  /// Opens a shard, which must be there.
  func open(_ file: String, in directory: String) throws(CheckpointError) -> SafetensorsFile {
    do {
      return try SafetensorsFile(path: "\(directory)/\(file)")
    } catch .missingFile {
      throw .malformedIndex(path: path, reason: "the shard \(file) that it names is not there")
    }
  }
}
