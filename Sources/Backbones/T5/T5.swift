public import NeuralNetworks
public import TensorEngine

/// T5: an encoder–decoder with relative position buckets (arXiv 1910.10683). Not a word in it about
/// any tuning method.
public struct T5: Backbone {
  public let configuration: T5Configuration
  public let anatomy: Anatomy
  public let weights: [SitePath: Tensor]
  public let checkpointNames: [SitePath: String]
  let embedding: FrozenWeight
  let encoder: T5Encoder
  let decoder: T5Decoder
  let head: Site<Call>
  let headWeight: FrozenWeight?

  /// Builds the model from a source of weights.
  ///
  /// - Throws: what the source throws for a missing tensor or a wrong shape.
  public init(_ configuration: T5Configuration, source: @escaping Blueprint.WeightSource) throws {
    self.configuration = configuration
    let (width, vocabulary) = (configuration.width, configuration.vocabularySize)
    var blueprint = Blueprint(
      width: width, vocabularySize: vocabulary, tokenCount: configuration.tokenCount,
      dimensions: configuration.dimensions, source: source)
    embedding = try blueprint.weight(
      SitePath(.shared, nil, .embedding), "shared.weight", [vocabulary, width])
    encoder = try T5Encoder(&blueprint, configuration)
    decoder = try T5Decoder(&blueprint, configuration)
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

  public func logits(
    source: PackedTokens, target: PackedTokens, targetCounts: [Int], _ forward: Forward
  ) -> Tensor {
    let (hidden, forward) = decoded(source, target, targetCounts, forward)
    return project(hidden, forward)
  }

  public func loss(
    source: PackedTokens, target: PackedTokens, normalizer: Float, _ forward: Forward
  ) -> Tensor {
    let counts = Array(repeating: 1, count: source.segments.count)
    let (hidden, forward) = decoded(source, target, counts, forward)
    let weight = forward.weight(headWeight ?? embedding)
    guard forward.isBare(head), weight.isConstant else {
      return project(hidden, forward).crossEntropy(target.ids, normalizer: normalizer)
    }
    return hidden.crossEntropy(
      projectedBy: weight, scale: headScale, target.ids, normalizer: normalizer)
  }

  /// Decoder states `[target tokens, width]` with teacher forcing, and the pass over those rows.
  private func decoded(
    _ source: PackedTokens, _ target: PackedTokens, _ targetCounts: [Int], _ forward: Forward
  ) -> (hidden: Tensor, forward: Forward) {
    let forward = forward.remembering()
    let encoded = encode(source, forward)
    let read = target.shiftedRight(start: configuration.decoderStartToken)
    let (rows, rowsBySource) = (read.segments, read.segments.joined(targetCounts))
    let layout = T5Decoder.Layout(
      configuration, rows: rows, past: rows, position: 0, rowsBySource: rowsBySource,
      source: encoded.segments)
    let owners = targetCounts.enumerated().flatMap {
      Array(repeating: Int32($0.offset), count: $0.element)
    }
    let before = forward.preceding
    let memory = decoder.crossMemory(
      encoded,
      firstRow: before.firstRow(
        of: encoded.segments, tokens: source.segments.rows, before: before.sourceTokens),
      queryCount: before.longestTarget ?? rowsBySource.longest, forward)
    let overRows = forward.over(
      RowLayout(
        segments: rows, sources: owners, encoded: encoded, firstRow: before.targetTokens))
    let hidden = decoder(embed(read.ids, overRows), layout, cross: memory, overRows) { ($1, $2) }
    return (hidden, overRows)
  }

  /// What hidden states are multiplied by before a tied head.
  private var headScale: Float {
    configuration.isHeadTied ? 1 / Float(configuration.width).squareRoot() : 1
  }

  public func decoding(
    _ source: PackedTokens, queryCount: Int, _ forward: Forward
  ) -> any DecodingSession {
    T5DecodingSession(self, source, queryCount: queryCount, forward)
  }

  /// Hidden states of the source, after the soft prompts that methods put before it.
  package func encode(_ source: PackedTokens, _ forward: Forward) -> EmbeddedInput {
    encoder(
      EmbeddedInput(embeddings: embed(source.ids, forward), segments: source.segments), forward)
  }

  /// The same without gradients, part by part: activations of a part take less memory, and its rows
  /// are enough to keep products busy.
  func encodeInParts(_ source: PackedTokens, _ forward: Forward) -> EmbeddedInput {
    let parts = source.parts(of: 2048).map { encode($0, forward) }
    guard parts.count > 1 else { return parts.first ?? encode(source, forward) }
    return EmbeddedInput(joining: parts)
  }

  /// Word embeddings, `[ids, width]`.
  func embed(_ ids: [Int32], _ forward: Forward) -> Tensor {
    forward.weight(embedding).gathering(ids)
  }

  /// Logits `[rows, vocabulary]` of decoder states `[rows, width]`.
  func project(_ hidden: Tensor, _ forward: Forward) -> Tensor {
    forward.call(head, hidden) { hidden in
      let scaled = configuration.isHeadTied ? headScale * hidden : hidden
      return scaled.matmul(forward.weight(headWeight ?? embedding), transposingRHS: true)
    }
  }
}
