import Backbones
import Checkpoints
import DeptTesting
import Experiments
import Foundation
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

/// A method with random parameters on a tiny backbone, on its way to PEFT and back.
struct InterchangeCase {
  let backbone: LoadedBackbone
  let model: HuggingFaceModel

  init(_ tiny: TinyBackbone) throws {
    backbone = try tiny.loaded()
    model = try HuggingFaceModel(tiny.architecture, name: "some-model")
  }

  var interchange: PEFTInterchange { PEFTInterchange(model) }

  /// Random values for all that a method trains.
  func parameters(_ adaptation: Adaptation, seed: Int = 3) -> Parameters {
    var parameters = Parameters()
    for parameter in adaptation.parameters {
      parameters[parameter.name] = .normal(
        parameter.shape, deviation: 0.5, key: RandomKey(seed: seed).folding(parameter.name))
    }
    return parameters
  }

  func folder(_ method: any TuningMethod, _ parameters: Parameters) throws -> PEFTFolder {
    try interchange.folder(method, method.adaptation(of: model.anatomy), parameters)
  }

  /// The adapter of a folder, read as a command reads it.
  func read(_ folder: PEFTFolder) throws -> (method: any TuningMethod, parameters: Parameters) {
    let file = try interchange.adapter(folder, path: "folder")
    let settings = try JSONDecoder().decode(
      [String: JSONValue].self, from: Data((file.hyperparameters ?? "").utf8))
    let method = try MethodDescription(
      name: file.method ?? "", hyperparameters: settings
    ).catalogued()
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try file.write(to: path)
    return (
      method, try Parameters(adapterAt: path, for: method.adaptation(of: model.anatomy))
    )
  }

  func logits(_ method: any TuningMethod, _ parameters: Parameters) -> [Float] {
    logits(method.adaptation(of: model.anatomy), parameters)
  }

  func logits(_ adaptation: Adaptation, _ parameters: Parameters) -> [Float] {
    backbone.model.logits(
      source: PackedTokens([[4, 9, 2, 7, 1], [5, 1]]), target: PackedTokens([[3, 5, 1], [9, 1]]),
      Forward(adaptation, parameters)
    ).scalars
  }

  static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }
}
