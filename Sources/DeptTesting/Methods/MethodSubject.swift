import Backbones
import NeuralNetworks
import TensorEngine
import TuningMethods

/// A method at work on a tiny backbone: what its laws look at.
struct MethodSubject {
  let method: any TuningMethod
  let tiny: TinyBackbone
  let backbone: LoadedBackbone
  let adaptation: Adaptation

  static let source = PackedTokens([[4, 9, 2, 7, 1], [5, 1], [8, 3, 3, 11, 6, 2, 1]])
  static let target = PackedTokens([[3, 5, 1], [9, 1], [10, 4, 3, 1]])

  init(_ method: any TuningMethod, _ tiny: TinyBackbone) throws {
    self.method = method
    self.tiny = tiny
    backbone = try tiny.loaded()
    adaptation = method.adaptation(of: backbone.model.anatomy)
  }

  var name: String { "\(type(of: method).name) on \(tiny.rawValue)" }

  /// The starting values of what the method declares; what it reads of other runs' adapters is
  /// drawn at random.
  func start(seed: Int) -> Parameters { Self.start(adaptation, backbone, seed: seed) }

  static func start(
    _ adaptation: Adaptation, _ backbone: LoadedBackbone, seed: Int
  ) -> Parameters {
    let sources = adaptation.randomSources(key: RandomKey(seed: 0))
    return backbone.initialParameters(adaptation, seed: seed, sources: sources)
  }

  /// Parameters away from every special point: starting values plus noise.
  var moved: Parameters {
    start(seed: 3).map { name, value in
      value
        + Tensor.normal(
          value.shape, deviation: 0.05, key: RandomKey(seed: 4).folding(name))
    }
  }

  func logits(_ parameters: Parameters) -> Tensor {
    backbone.model.logits(
      source: Self.source, target: Self.target, Forward(adaptation, parameters))
  }

  func loss(_ parameters: Parameters) -> Tensor {
    logits(parameters).crossEntropy(Self.target.ids, normalizer: Float(Self.target.ids.count))
  }
}
