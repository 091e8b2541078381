import Checkpoints
import Experiments
import Foundation

/// What an adapter is, whether a file of this program or a folder of PEFT: what `show` prints.
struct AdapterContent: Encodable {
  /// A tensor and how large its numbers are.
  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    /// The root of the sum of squares.
    let norm: Double
  }

  /// `dept` or `peft`.
  let format: String
  /// The method, or PEFT's `peft_type`; nil where the file does not say.
  let method: String?
  let hyperparameters: [String: JSONValue]?
  let backbone: String?
  let scalars: Int
  let tensors: [Tensor]

  /// Reads a file, a folder with `adapter.safetensors`, or a folder of PEFT.
  ///
  /// - Throws: `CheckpointError`.
  init(path: String) throws {
    if PEFTFolder.isFolder(path) {
      let folder = try PEFTFolder(path: path)
      let fields = try? JSONDecoder().decode(
        [String: JSONValue].self,
        from: Data(contentsOf: URL(filePath: "\(path)/\(PEFTFolder.configurationName)")))
      let said = ["peft_type", "base_model_name_or_path"]
      self.init(
        format: "peft", method: folder.configuration.kind.name,
        hyperparameters: fields?.filter { !said.contains($0.key) && $0.value != .null },
        backbone: folder.configuration.baseModel,
        tensors: folder.tensors.map { ($0.name, $0.shape, $0.values) })
    } else {
      let file = try AdapterFile(path: path)
      let hyperparameters = file.hyperparameters.flatMap {
        try? JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8))
      }
      self.init(
        format: "dept", method: file.method, hyperparameters: hyperparameters,
        backbone: file.backbone, tensors: file.parameters.map { ($0.name, $0.shape, $0.values) })
    }
  }

  private init(
    format: String, method: String?, hyperparameters: [String: JSONValue]?, backbone: String?,
    tensors: [(name: String, shape: [Int], values: [Float])]
  ) {
    self.format = format
    self.method = method
    self.hyperparameters = hyperparameters
    self.backbone = backbone
    scalars = tensors.reduce(0) { $0 + $1.values.count }
    self.tensors = tensors.map { tensor in
      let squares = tensor.values.reduce(0) { $0 + Double($1) * Double($1) }
      return Tensor(name: tensor.name, shape: tensor.shape, norm: squares.squareRoot())
    }
  }
}
