public import Backbones
public import NeuralNetworks
public import TensorEngine

/// A backbone seen through an adaptation and its current parameters.
public struct TunedModel: Sendable {
  public let backbone: LoadedBackbone
  public let adaptation: Adaptation
  public var parameters: Parameters
  /// The task whose examples it sees, among those of a multi-task run; 0 elsewhere.
  public var task: Int
  /// Rows that the method puts before every source.
  let promptLength: Int
  /// Positions that are taken before every source: those of such rows, and of prefixes.
  private let positionCount: Int

  public init(
    backbone: LoadedBackbone, adaptation: Adaptation, parameters: Parameters, task: Int = 0
  ) {
    self.backbone = backbone
    self.adaptation = adaptation
    self.parameters = parameters
    self.task = task
    let token = Self.token(backbone, adaptation, parameters)
    promptLength = token.map { $0.segments.rows - 1 } ?? 0
    positionCount = promptLength + (token?.firstPosition ?? 0)
  }

  /// A pass without dropout.
  public var forward: Forward { Forward(adaptation, parameters, task: task) }

  /// Scalars of the backbone and of what is trained beside it. Full fine-tuning adds none: it
  /// trains the backbone's own.
  public var totalScalarCount: Int {
    Self.totalScalarCount(of: backbone.model.anatomy, adaptation)
  }

  /// The same of an architecture alone.
  public static func totalScalarCount(of backbone: Anatomy, _ adaptation: Adaptation) -> Int {
    let replaced = adaptation.trained.filter { $0.name.hasSuffix("/weight") }
    let own = replaced.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return backbone.scalarCount + adaptation.scalarCount - own
  }

  /// A source of one token, with what the method does to it.
  private static func token(
    _ backbone: LoadedBackbone, _ adaptation: Adaptation, _ parameters: Parameters
  ) -> EmbeddedInput? {
    guard let site = backbone.model.anatomy.sourceInput else { return nil }
    // Before there are values, any will do; weights of the backbone are no matter of an input.
    var values = parameters
    for parameter in adaptation.parameters
    where values.tensor(named: parameter.name) == nil && !parameter.name.hasSuffix("/weight") {
      values[parameter.name] = .zeros(parameter.shape)
    }
    let token = EmbeddedInput(
      embeddings: .zeros([1, site.output]), segments: Segments(lengths: [1]))
    let forward = Forward(adaptation, values).over(RowLayout(segments: token.segments))
    return forward.input(site, token)
  }

  /// Checks that a source and a target of so many tokens fit the backbone's positions, together
  /// with what the method puts before the source.
  ///
  /// - Throws: `TrainingError.tooLong`.
  public func checkRoom(source: Int, target: Int) throws(TrainingError) {
    guard let longest = backbone.model.longestSequence else { return }
    // The last token of a target is predicted and never read.
    guard source + positionCount + max(1, target) - 1 > longest else { return }
    throw .tooLong(source: source, prompt: positionCount, target: target, longest: longest)
  }

  /// Checks that sources fit the backbone's positions together with any answer of a plan.
  ///
  /// - Throws: `TrainingError.tooLong`.
  public func checkRoom(_ sources: [[Int]], _ plan: DecodingPlan) throws(TrainingError) {
    let labels = plan.labels.map { $0.map { backbone.targetIDs($0).count } }
    let target = labels?.max() ?? plan.maximumLength
    guard let longest = sources.map(\.count).max() else { return }
    try checkRoom(source: longest, target: target)
  }

  /// The mean cross-entropy over all target tokens of a batch, in nats, with what teachers add to
  /// it (`Adaptation.teacher`), and its gradient by the parameters.
  ///
  /// The batch is computed in parts, in its order, and the loss normalised over all: where weights
  /// are frozen, parts cost no time and save memory.
  ///
  /// - Parameters:
  ///   - parts: at least so many parts.
  ///   - tokens: a part holds about so many encoder rows, prompts included, and at least one
  ///     example; `nil`: chosen by what is trained.
  ///   - rows: a part is computed in pieces of about so many of its rows, each at least one
  ///     example, where memory is short; `nil`: as a whole. Dropout's masks are those of the part,
  ///     so that only rounding tells the two apart.
  public func lossWithGradient(
    _ batch: [TokenizedExample], parts: Int = 1, tokens: Int? = nil, rows: Int? = nil,
    dropout: Float, key: RandomKey
  ) -> (loss: Float, gradient: Parameters) {
    let targetTokens = Float(batch.reduce(0) { $0 + $1.target.count })
    let cut = MicroBatches(
      rows: batch.map { $0.source.count + promptLength }, parts: parts,
      budget: tokens
        ?? MicroBatches.budget(
          width: backbone.model.anatomy.width, trainsWeights: adaptation.trainsWeights))
    let pieces = cut.pieces(of: batch, promptLength: promptLength, rows: rows)
    let held = adaptation.parameters.filter(\.isHeld)
    let trained = parameters.without(held.map(\.name))
    var total: (loss: Float, gradient: Parameters)?
    for piece in pieces {
      let source = PackedTokens(batch[piece.range].map(\.source))
      let target = PackedTokens(batch[piece.range].map(\.target))
      let (value, gradient) = valueWithGradient(at: trained) { trained in
        var all = trained
        for parameter in held { all[parameter.name] = parameters[parameter] }
        let forward = Forward(
          adaptation, all, dropout: dropout, key: key.folding("part").folding(piece.part),
          task: task, isTraining: true, preceding: piece.preceding)
        return loss(source, target, normalizer: targetTokens, forward)
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
