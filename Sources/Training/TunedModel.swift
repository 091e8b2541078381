public import Backbones
public import NeuralNetworks
public import TensorEngine

/// A backbone seen through an adaptation and its current parameters.
public struct TunedModel: Sendable {
  public let backbone: LoadedBackbone
  public let adaptation: Adaptation
  public var parameters: Parameters

  public init(backbone: LoadedBackbone, adaptation: Adaptation, parameters: Parameters) {
    self.backbone = backbone
    self.adaptation = adaptation
    self.parameters = parameters
  }

  /// A pass without dropout.
  public var forward: Forward { Forward(adaptation, parameters) }

  /// Scalars of the backbone and of what is trained beside it. Full fine-tuning adds none: it
  /// trains the backbone's own.
  public var totalScalarCount: Int {
    let replaced = adaptation.parameters.filter { $0.name.hasSuffix("/weight") }
    let own = replaced.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return backbone.model.anatomy.scalarCount + adaptation.scalarCount - own
  }

  /// The mean cross-entropy over all target tokens of a batch, in nats, and its gradient by the
  /// parameters. The batch may be cut into `parts` to save memory; the loss is normalised over all.
  public func lossWithGradient(
    _ batch: [TokenizedExample], parts: Int = 1, dropout: Float, key: RandomKey
  ) -> (loss: Float, gradient: Parameters) {
    let tokens = Float(batch.reduce(0) { $0 + $1.target.count })
    let size = (batch.count + parts - 1) / parts
    var total: (loss: Float, gradient: Parameters)?
    for (part, start) in stride(from: 0, to: batch.count, by: size).enumerated() {
      let examples = batch[start..<min(start + size, batch.count)]
      let source = PackedTokens(examples.map(\.source))
      let target = PackedTokens(examples.map(\.target))
      let (value, gradient) = valueWithGradient(at: parameters) { parameters in
        let forward = Forward(
          adaptation, parameters, dropout: dropout, key: key.folding("part").folding(part))
        return backbone.model.logits(source: source, target: target, forward)
          .crossEntropy(target.ids, normalizer: tokens)
      }
      if let before = total {
        let sum = before.gradient.map { $1 + gradient[$0] }
        total = (before.loss + value, sum)
      } else {
        total = (value, gradient)
      }
    }
    return total ?? (0, parameters.map { .zeros($1.shape) })
  }
}
