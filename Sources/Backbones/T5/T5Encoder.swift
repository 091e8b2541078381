import NeuralNetworks
import TensorEngine

/// The encoder stack: from embedded source tokens to hidden states.
struct T5Encoder: Sendable {
  struct Block: Sendable {
    let norm: RMSNorm
    let attention: T5Attention
    let feedForward: T5FeedForward
    let site: Site<Call>
  }

  let input: Site<Embedding>
  let positionBias: FrozenWeight
  let blocks: [Block]
  let finalNorm: RMSNorm
  let configuration: T5Configuration

  init(_ blueprint: inout Blueprint, _ configuration: T5Configuration) throws {
    self.configuration = configuration
    let width = configuration.width
    input = blueprint.input(SitePath(.encoder, nil, .input))
    positionBias = try blueprint.weight(
      SitePath(.encoder, 0, .positionBias),
      "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
      [configuration.bucketCount, configuration.headCount])
    blocks = try (0..<configuration.encoderLayerCount).map { layer in
      let name = "encoder.block.\(layer).layer"
      return Block(
        norm: try blueprint.rmsNorm(
          SitePath(.encoder, layer, .attentionNorm), "\(name).0.layer_norm.weight", width,
          epsilon: configuration.epsilon),
        attention: try T5Attention(
          &blueprint, configuration, .encoder, layer, .own, "\(name).0.SelfAttention"),
        feedForward: try T5FeedForward(
          &blueprint, configuration, .encoder, layer, "\(name).1"),
        site: blueprint.call(SitePath(.encoder, layer, .block), width, width))
    }
    finalNorm = try blueprint.rmsNorm(
      SitePath(.encoder, nil, .finalNorm), "encoder.final_layer_norm.weight", width,
      epsilon: configuration.epsilon)
  }

  /// Hidden states `[rows, width]` of embedded tokens, after what methods do to the input.
  func callAsFunction(_ embedded: EmbeddedInput, _ forward: Forward) -> EmbeddedInput {
    let (before, tokens) = (forward.preceding.sourceTokens, embedded.segments.rows)
    let edited = forward.over(RowLayout(segments: embedded.segments, firstRow: before))
      .input(input, embedded)
    let firstRow = forward.preceding.firstRow(of: edited.segments, tokens: tokens, before: before)
    let forward = forward.over(RowLayout(segments: edited.segments, firstRow: firstRow))
    let shape = AttentionShape(
      queries: edited.segments, keys: edited.segments, headCount: configuration.headCount,
      buckets: PositionBuckets(
        count: configuration.bucketCount, maximumDistance: configuration.maximumDistance,
        isBidirectional: true))
    let biasTable = forward.weight(positionBias)
    var x = forward.dropped(edited.embeddings, input.path, "input")
    var side = forward.side(of: input, x, own: shape)
    for (layer, block) in blocks.enumerated() {
      x = forward.call(block.site, x) { x in
        let mixed = block.attention.add(
          to: x, attending: block.norm(x, forward), biasTable: biasTable, shape, forward)
        return block.feedForward(mixed, forward)
      }
      side.advance(past: layer, x)
    }
    return side.finish(forward.dropped(finalNorm(x, forward), finalNorm.site.path, "output"))
  }
}
