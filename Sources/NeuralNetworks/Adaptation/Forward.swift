public import TensorEngine

/// The environment of one forward pass: an adaptation, the current parameters, and the randomness.
public struct Forward: Sendable {
  private let adaptation: Adaptation
  private let parameters: Parameters
  /// The dropout probability; 0 outside training.
  public let dropout: Float
  private let key: RandomKey
  private let task: Int
  private let isTraining: Bool
  /// What comes before the examples of this pass in their part of a batch.
  public let preceding: PrecedingExamples
  private var rows = RowLayout.none
  private var kept: PassMemory?

  /// - Parameters:
  ///   - key: differs from step to step while dropout is on.
  ///   - task: the task of the batch, among those of a multi-task run.
  ///   - isTraining: whether dropout of the method's own is on; `nil`: where the backbone's is.
  ///   - preceding: what comes before the examples of this pass in their part of a batch.
  public init(
    _ adaptation: Adaptation, _ parameters: Parameters, dropout: Float = 0,
    key: RandomKey = RandomKey(seed: 0), task: Int = 0, isTraining: Bool? = nil,
    preceding: PrecedingExamples = PrecedingExamples()
  ) {
    precondition(
      (0..<adaptation.taskCount).contains(task), "task \(task) of \(adaptation.taskCount)")
    self.adaptation = adaptation
    self.parameters = parameters
    self.dropout = dropout
    self.key = key
    self.task = task
    self.isTraining = isTraining ?? (dropout > 0)
    self.preceding = preceding
  }

  /// The same pass over the rows of a stack.
  public func over(_ rows: RowLayout) -> Forward {
    var forward = self
    forward.rows = rows
    return forward
  }

  /// The same pass, in which what methods compute once is kept until it ends.
  ///
  /// - Precondition: it runs on one batch: a new one for every call of the backbone.
  public func remembering() -> Forward {
    var forward = self
    forward.kept = PassMemory()
    return forward
  }

  private var pass: Pass {
    Pass(
      parameters: parameters, task: task, segments: rows.segments, sources: rows.sources,
      encoded: rows.encoded, dropout: dropout, isTraining: isTraining,
      firstRow: rows.firstRow, key: key, kept: kept)
  }

  /// A pass through the backbone as it is.
  public static var frozen: Forward { Forward(Adaptation(), Parameters()) }

  /// A frozen tensor as this pass sees it.
  public func weight(_ weight: FrozenWeight) -> Tensor {
    adaptation.apply(weight.site, weight.value, pass)
  }

  /// A call, wrapped by what acts at its site.
  public func call(_ site: Site<Call>, _ x: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
    adaptation.apply(site, x, pass, body)
  }

  /// Whether nothing wraps a call, so that it may be fused with its neighbours.
  public func isBare(_ site: Site<Call>) -> Bool { !adaptation.acts(at: site) }

  /// Whether nothing edits what an attention attends to.
  public func isBare(_ site: Site<Attention>) -> Bool { !adaptation.acts(at: site) }

  /// What an attention attends to, after all edits.
  public func memory(_ site: Site<Attention>, _ memory: AttentionMemory) -> AttentionMemory {
    adaptation.apply(site, memory, pass)
  }

  /// An embedded input after all edits.
  public func input(_ site: Site<Embedding>, _ input: EmbeddedInput) -> EmbeddedInput {
    adaptation.apply(site, input, pass)
  }

  /// The network beside the stack of `site`, on its way from the embedded input `[rows, width]`.
  public func side(
    of site: Site<Embedding>, _ embedded: Tensor, own: AttentionShape, cross: AttentionShape? = nil
  ) -> SideRun {
    SideRun(
      adaptation.network(beside: site), embedded, SideAttention(own: own, cross: cross), pass)
  }

  /// `x` with dropout at a named place; the same pass and place give the same mask.
  public func dropped(_ x: Tensor, _ path: SitePath, _ place: String) -> Tensor {
    dropout == 0 ? x : x.dropout(dropout, key: dropoutKey(path, place, width: x.width))
  }

  /// The key of the mask of rows of `width` at a named place.
  public func dropoutKey(_ path: SitePath, _ place: String, width: Int) -> RandomKey {
    guard dropout > 0 else { return key }
    return key.folding(path.description).folding(place)
      .after(rows: rows.firstRow, width: width)
  }

  /// An attention with this pass's dropout of probabilities, at a named place.
  public func dropping(
    _ shape: AttentionShape, _ path: SitePath, _ place: String
  ) -> AttentionShape {
    pass.dropping(shape, path, place)
  }
}
