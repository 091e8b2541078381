public import Backbones
public import NeuralNetworks
public import TensorEngine

/// A backbone seen through an adaptation and its current parameters.
public struct TunedModel: Sendable {
  public let backbone: LoadedBackbone
  public let adaptation: Adaptation
  public var parameters: Parameters
  /// The task whose examples it sees, among those of a multi-task run.
  public var task = 0

  public init(backbone: LoadedBackbone, adaptation: Adaptation, parameters: Parameters) {
    self.backbone = backbone
    self.adaptation = adaptation
    self.parameters = parameters
  }

  /// A pass without dropout.
  public var forward: Forward { Forward(adaptation, parameters, task: task) }

  /// Scalars of the backbone and of what is trained beside it. Full fine-tuning adds none: it
  /// trains the backbone's own.
  public var totalScalarCount: Int {
    let replaced = adaptation.trained.filter { $0.name.hasSuffix("/weight") }
    let own = replaced.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return backbone.model.anatomy.scalarCount + adaptation.scalarCount - own
  }

  /// Rows that the method puts before every source.
  var promptLength: Int {
    adaptation.trained.filter { $0.name.hasSuffix("/prompt") }
      .reduce(0) { $0 + $1.shape[0] } / adaptation.taskCount
  }

  /// The mean cross-entropy over all target tokens of a batch, in nats, and its gradient by the
  /// parameters.
  ///
  /// The batch is computed in parts, in its order, and the loss normalised over all: where weights
  /// are frozen, parts cost no time and save memory.
  ///
  /// - Parameters:
  ///   - parts: at least so many parts.
  ///   - tokens: a part holds about so many encoder rows, prompts included, and at least one
  ///     example; `nil`: chosen by what is trained.
  public func lossWithGradient(
    _ batch: [TokenizedExample], parts: Int = 1, tokens: Int? = nil, dropout: Float,
    key: RandomKey
  ) -> (loss: Float, gradient: Parameters) {
    let targetTokens = Float(batch.reduce(0) { $0 + $1.target.count })
    let cut = MicroBatches(
      rows: batch.map { $0.source.count + promptLength }, parts: parts,
      budget: tokens ?? MicroBatches.budget(trainsWeights: adaptation.trainsWeights))
    let held = adaptation.parameters.filter(\.isHeld)
    let trained = parameters.without(held.map(\.name))
    var total: (loss: Float, gradient: Parameters)?
    for (part, range) in cut.ranges.enumerated() {
      let source = PackedTokens(batch[range].map(\.source))
      let target = PackedTokens(batch[range].map(\.target))
      let (value, gradient) = valueWithGradient(at: trained) { trained in
        var all = trained
        for parameter in held { all[parameter.name] = parameters[parameter] }
        let forward = Forward(
          adaptation, all, dropout: dropout, key: key.folding("part").folding(part), task: task,
          isTraining: true)
        return backbone.model.loss(
          source: source, target: target, normalizer: targetTokens, forward)
      }
      if let before = total {
        let sum = before.gradient.map { $1 + gradient[$0] }
        total = (before.loss + value, sum)
      } else {
        total = (value, gradient)
      }
    }
    return total ?? (0, trained.map { .zeros($1.shape) })
  }
}
