import Checkpoints
import NeuralNetworks

/// A PEFT folder that is being read for a backbone: what errors name, and what tensors belong to.
struct PEFTSource {
  /// The folder, for errors.
  let path: String
  let model: HuggingFaceModel

  /// What the tensors of each module are.
  ///
  /// - Throws: `InterchangeError` for a tensor that is of no module, or something else of one.
  func modules(_ tensors: [PEFTFolder.Tensor], endings: [String]) throws(InterchangeError)
    -> [String: Set<String>]
  {
    var modules: [String: Set<String>] = [:]
    for tensor in tensors {
      guard let name = PEFTTensorName(tensor.name, endings: endings) else {
        throw .unreadable(
          path: path,
          reason: "its tensor '\(tensor.name)' is none of \(endings.joined(separator: ", "))")
      }
      modules[name.module, default: []].insert(name.what)
    }
    guard !modules.isEmpty else { throw .unreadable(path: path, reason: "it has no tensors") }
    return modules
  }

  /// The sites that a module is.
  ///
  /// - Throws: `InterchangeError` where it is none, or the head.
  func sites(ofModule name: String) throws(InterchangeError) -> [Site<Call>] {
    let sites = model.sites(ofModule: name)
    guard !sites.isEmpty, sites.allSatisfy({ $0.path.part != .head }) else {
      throw .unreadable(
        path: path,
        reason: "it acts on the module '\(name)', which is no linear layer inside this backbone")
    }
    return sites
  }

  /// A tensor with two axes.
  ///
  /// - Throws: `CheckpointError` where it is missing, `InterchangeError` where it has other axes.
  func matrix(_ name: PEFTTensorName, _ tensors: [PEFTFolder.Tensor]) throws -> Matrix {
    guard let tensor = tensors.first(where: { $0.name == name.text }) else {
      throw CheckpointError.missingTensor(path: path, tensor: name.text, nearest: [])
    }
    guard tensor.shape.count == 2 else {
      throw InterchangeError.unreadable(
        path: path, reason: "'\(name.text)' has shape \(tensor.shape) where a matrix is needed")
    }
    return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.values)
  }

  /// A selector of all these sites, and of as few others as their parts and stack tell apart.
  func selector(_ paths: Set<SitePath>) -> SiteSelector {
    let parts = SitePath.Part.allCases.filter { part in paths.contains { $0.part == part } }
    let stacks = Set(paths.map(\.stack))
    guard stacks.count == 1, model.anatomy.hasEncoder, let stack = stacks.first else {
      return .anyOf(parts)
    }
    return .stack(stack) && .anyOf(parts)
  }
}
