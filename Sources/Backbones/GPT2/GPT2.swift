public import NeuralNetworks
public import TensorEngine

/// GPT-2: a decoder alone, with absolute positions (Radford et al., Language models are
/// unsupervised multitask learners, 2019). A source is read before its target, in one causal
/// sequence. Not a word in it about any tuning method.
public struct GPT2: Backbone {
  public let configuration: GPT2Configuration
  public let anatomy: Anatomy
  public let weights: [SitePath: Tensor]
  public let checkpointNames: [SitePath: String]
  let embedding: FrozenWeight
  let stack: GPT2Stack
  let head: Site<Call>
  let headWeight: FrozenWeight?

  /// Builds the model from a source of weights, matrices stored `[output, input]`.
  ///
  /// - Throws: what the source throws for a missing tensor or a wrong shape.
  public init(_ configuration: GPT2Configuration, source: @escaping Blueprint.WeightSource) throws {
    self.configuration = configuration
    let (width, vocabulary) = (configuration.width, configuration.vocabularySize)
    var blueprint = Blueprint(
      width: width, vocabularySize: vocabulary, dimensions: configuration.dimensions,
      source: source)
    embedding = try blueprint.weight(
      SitePath(.shared, nil, .embedding), "transformer.wte.weight", [vocabulary, width])
    stack = try GPT2Stack(&blueprint, configuration)
    head = blueprint.call(SitePath(.decoder, nil, .head), width, vocabulary)
    headWeight =
      configuration.isHeadTied
      ? nil
      : try blueprint.weight(
        SitePath(.decoder, nil, .head), "lm_head.weight", [vocabulary, width])
    anatomy = blueprint.anatomy
    weights = blueprint.weights
    checkpointNames = blueprint.checkpointNames
  }

  public var dropout: Float { configuration.dropout }
  public var endToken: Int { configuration.endToken }
  public var longestSequence: Int? { configuration.positionCount }
  public var sourceEnding: String? { Architecture.gpt2(configuration).sourceEnding }

  public func logits(
    source: PackedTokens, target: PackedTokens, targetCounts: [Int], _ forward: Forward
  ) -> Tensor {
    let forward = forward.remembering()
    let (hidden, overRows) =
      targetCounts.allSatisfy { $0 == 1 }
      ? predicting(source, target, forward)
      : predicting(source, target, targetCounts, forward)
    return project(hidden, overRows)
  }

  public func loss(
    source: PackedTokens, target: PackedTokens, normalizer: Float, _ forward: Forward
  ) -> Tensor {
    let (hidden, forward) = predicting(source, target, forward.remembering())
    let weight = forward.weight(headWeight ?? embedding)
    guard forward.isBare(head), weight.isConstant else {
      return project(hidden, forward).crossEntropy(target.ids, normalizer: normalizer)
    }
    return hidden.crossEntropy(projectedBy: weight, scale: 1, target.ids, normalizer: normalizer)
  }

  public func decoding(
    _ source: PackedTokens, queryCount: Int, _ forward: Forward
  ) -> any DecodingSession {
    GPT2DecodingSession(self, source, forward)
  }

  // MARK: Reading

  /// The embedded source after what methods do to it; positions are not added yet.
  func read(_ source: PackedTokens, _ forward: Forward) -> EmbeddedInput {
    let layout = RowLayout(
      segments: source.segments, firstRow: forward.preceding.sourceTokens)
    let edited = forward.over(layout).input(
      stack.input,
      EmbeddedInput(embeddings: embed(source.ids, forward), segments: source.segments))
    precondition(
      edited.segments.lengths.allSatisfy { $0 > 0 }, "a source has to have a token to go on from")
    return edited
  }

  /// Word embeddings, `[ids, width]`.
  func embed(_ ids: [Int32], _ forward: Forward) -> Tensor {
    forward.weight(embedding).gathering(ids)
  }

  /// Logits `[rows, vocabulary]` of normalised hidden states `[rows, width]`.
  func project(_ hidden: Tensor, _ forward: Forward) -> Tensor {
    forward.call(head, hidden) {
      $0.matmul(forward.weight(headWeight ?? embedding), transposingRHS: true)
    }
  }

  // MARK: Teacher forcing

  /// The hidden states that predict the target tokens, `[target tokens, width]`, and the pass over
  /// their rows. One target a source: both are one sequence.
  private func predicting(
    _ source: PackedTokens, _ target: PackedTokens, _ forward: Forward
  ) -> (hidden: Tensor, forward: Forward) {
    let (edited, written) = (read(source, forward), target.droppingLast())
    var whole = edited
    whole.embeddings = edited.embeddings.appending(
      embed(written.ids, forward), of: written.segments, toEach: edited.segments)
    whole.segments = edited.segments.appending(written.segments)
    let owners = RowLayout(segments: whole.segments).sources
    let before = forward.preceding
    let hidden = stack(
      whole, after: Segments(lengths: owners.map { _ in 0 }), sources: owners,
      firstRow: before.firstRow(
        of: whole.segments, tokens: source.segments.rows + target.segments.rows,
        before: before.sourceTokens + before.targetTokens), forward
    ) { ($1, $2) }
    // A token is predicted where the one before it was read.
    let rows = owners.indices.flatMap { sequence in
      let first = whole.segments.starts[sequence] + edited.segments.lengths[sequence] - 1
      return (0..<target.segments.lengths[sequence]).map { first + $0 }
    }
    return (hidden.gathering(rows), over(target.segments, owners, forward))
  }

  /// The same for any number of targets a source: the source is read once, and its keys and values
  /// serve all of its targets.
  private func predicting(
    _ source: PackedTokens, _ target: PackedTokens, _ targetCounts: [Int], _ forward: Forward
  ) -> (hidden: Tensor, forward: Forward) {
    let (past, last) = remember(read(source, forward), forward)
    let written = target.droppingLast()
    let owners = targetCounts.enumerated().flatMap {
      Array(repeating: Int32($0.offset), count: $0.element)
    }
    let shared = past.keeping(owners)
    let hidden = stack(
      EmbeddedInput(
        embeddings: embed(written.ids, forward), segments: written.segments,
        firstPosition: past.firstPosition),
      after: shared.segments, sources: owners, forward
    ) { shared.followed(by: $1, $2, written.segments, block: $0) }
    // The first token is predicted where the source ends.
    let starting = owners.indices.filter { target.segments.lengths[$0] > 0 }
    let starts = Segments(lengths: target.segments.lengths.map { min(1, Int($0)) })
    let rows = last.gathering(starting.map { owners[$0] })
      .appending(hidden, of: written.segments, toEach: starts)
    return (rows, over(target.segments, owners, forward))
  }

  /// Reads sources: what later tokens attend to, and the last hidden state of each,
  /// `[sources, width]`.
  func remember(_ source: EmbeddedInput, _ forward: Forward) -> (past: GPT2Past, last: Tensor) {
    var past = GPT2Past(segments: source.segments, firstPosition: source.firstPosition)
    let owners = RowLayout(segments: source.segments).sources
    let hidden = stack(
      source, after: Segments(lengths: owners.map { _ in 0 }), sources: owners, forward
    ) {
      past.blocks[$0] = ($1, $2)
      return ($1, $2)
    }
    let ends = zip(source.segments.starts, source.segments.lengths).map { $0 + $1 - 1 }
    return (past, hidden.gathering(ends))
  }

  /// The pass over rows that predict.
  func over(_ segments: Segments, _ owners: [Int32], _ forward: Forward) -> Forward {
    forward.over(
      RowLayout(
        segments: segments, sources: owners, firstRow: forward.preceding.targetTokens))
  }
}
