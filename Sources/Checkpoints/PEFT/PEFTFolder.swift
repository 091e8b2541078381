import Foundation

/// A folder of Hugging Face's PEFT: an adapter's configuration and its named tensors.
///
/// It knows what the fields and the names are, not what any method does with them.
public struct PEFTFolder: Hashable, Sendable {
  /// One tensor of the adapter, such as `prompt_embeddings`.
  public struct Tensor: Hashable, Sendable {
    public var name: String
    public var shape: [Int]
    /// Its numbers in row-major order.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  public static let configurationName = "adapter_config.json"
  public static let weightsName = "adapter_model.safetensors"
  /// What PEFT called the weights before it wrote safetensors files.
  public static let pickledWeightsName = "adapter_model.bin"

  public var configuration: PEFTConfiguration
  /// The tensors, sorted by name after reading.
  public var tensors: [Tensor]

  public init(configuration: PEFTConfiguration, tensors: [Tensor]) {
    self.configuration = configuration
    self.tensors = tensors
  }

  /// Whether a path is a directory with a configuration of an adapter.
  public static func isFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(configurationName)")
  }

  /// Reads a folder: `adapter_model.safetensors`, or else `adapter_model.bin` (as a `PyTorchFile`).
  public init(path: String) throws(CheckpointError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path: path) }
    guard Self.isFolder(path) else {
      throw .missingAdapter(directory: path, files: Self.configurationName)
    }
    configuration = try PEFTConfiguration(path: "\(path)/\(Self.configurationName)")
    tensors = []
    let weights = "\(path)/\(Self.weightsName)"
    let pickle = "\(path)/\(Self.pickledWeightsName)"
    if FileManager.default.fileExists(atPath: weights) {
      let file = try SafetensorsFile(path: weights)
      for name in file.names.sorted() {
        let shape = try file.entry(named: name).shape
        tensors.append(Tensor(name: name, shape: shape, values: try file.floats(named: name)))
      }
    } else if FileManager.default.fileExists(atPath: pickle) {
      let file = try PyTorchFile(path: pickle)
      for entry in file.entries.sorted(by: { $0.name < $1.name }) {
        let values = try file.floats(named: entry.name)
        tensors.append(Tensor(name: entry.name, shape: entry.shape, values: values))
      }
    } else {
      throw .missingAdapter(
        directory: path, files: "\(Self.weightsName) or \(Self.pickledWeightsName)")
    }
  }

  /// Writes the configuration and the weights, as safetensors, to a directory that is made if it is
  /// not there.
  public func write(to path: String) throws(CheckpointError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: nil)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for tensor in tensors {
      try writer.add(tensor.name, shape: tensor.shape, floats: tensor.values)
    }
    try writer.write(to: "\(path)/\(Self.weightsName)")
    let text = configuration.text
    try AtomicFile.write(to: "\(path)/\(Self.configurationName)") {
      sink throws(CheckpointError) in try sink.put(Array(text.utf8))
    }
  }

  /// A tensor that must be there, or an error that offers the nearest names.
  ///
  /// - Parameter path: the folder that the error names.
  public func tensor(named name: String, path: String) throws(CheckpointError) -> Tensor {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw .missingTensor(
        path: path, tensor: name, nearest: nearestNames(to: name, among: tensors.map(\.name)))
    }
    return tensor
  }

  /// The values of a tensor that must have a shape, or an error that offers the nearest names.
  ///
  /// - Parameter path: the folder that the error names.
  public func values(named name: String, shape: [Int], path: String) throws(CheckpointError)
    -> [Float]
  {
    let tensor = try tensor(named: name, path: path)
    guard tensor.shape == shape else {
      throw .wrongShape(path: path, tensor: name, expected: shape, found: tensor.shape)
    }
    return tensor.values
  }
}
