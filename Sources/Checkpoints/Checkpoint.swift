import Foundation

/// The weights of a model in Hugging Face layout: `model.safetensors`, or shards with their index.
public struct Checkpoint: Sendable {
  /// The directory of the weights.
  public let directory: String
  /// The names of all tensors, sorted.
  public let names: [String]

  private let files: [SafetensorsFile]
  private let fileOfName: [String: Int]

  /// Opens the weights of a directory and checks every file of them.
  ///
  /// `model.safetensors` is preferred over shards. Pickle files are never read.
  public init(directory: String) throws(CheckpointError) {
    let single = directory + "/model.safetensors"
    let index = single + ".index.json"
    let files: [SafetensorsFile]
    let fileOfName: [String: Int]
    if FileManager.default.fileExists(atPath: single) {
      let file = try SafetensorsFile(path: single)
      files = [file]
      fileOfName = file.entries.mapValues { _ in 0 }
    } else if FileManager.default.fileExists(atPath: index) {
      let shards = try ShardIndex(path: index)
      var opened: [SafetensorsFile] = []
      for shard in shards.files { opened.append(try shards.open(shard, in: directory)) }
      var located: [String: Int] = [:]
      for (name, shard) in shards.shardOfTensor.sorted(by: { $0.key < $1.key }) {
        located[name] = shard
        _ = try opened[shard].entry(named: name)
      }
      files = opened
      fileOfName = located
    } else {
      throw Self.absence(from: directory)
    }
    self.directory = directory
    self.files = files
    self.fileOfName = fileOfName
    names = fileOfName.keys.sorted()
  }

  /// What a tensor is, or nil where the checkpoint has none of this name.
  public func entry(named name: String) -> TensorEntry? {
    fileOfName[name].flatMap { files[$0].entries[name] }
  }

  /// A tensor's numbers in row-major order, converted to 32-bit floats.
  ///
  /// - Parameter shape: the shape it must have.
  public func floats(named name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
    try file(of: name).floats(named: name, shape: shape)
  }

  /// Lends a tensor's numbers to `body`, without a copy where the file allows it.
  public func withFloats<Outcome>(
    named name: String, shape: [Int], _ body: (UnsafeBufferPointer<Float>) -> Outcome
  ) throws(CheckpointError) -> Outcome {
    try file(of: name).withFloats(named: name, shape: shape, body)
  }

  func file(of name: String) throws(CheckpointError) -> SafetensorsFile {
    guard let index = fileOfName[name] else {
      throw .missingTensor(
        path: files.count == 1 ? files[0].path : directory, tensor: name,
        nearest: nearestNames(to: name, among: names))
    }
    return files[index]
  }

  /// Why a directory has no weights that can be read.
  private static func absence(from directory: String) -> CheckpointError {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
      return .missingFile(path: directory)
    }
    guard isDirectory.boolValue else {
      return .unreadable(path: directory, reason: "it is not a directory")
    }
    for pickle in ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    where FileManager.default.fileExists(atPath: "\(directory)/\(pickle)") {
      return .pickleOnly(directory: directory, file: pickle)
    }
    return .missingWeights(directory: directory)
  }
}
