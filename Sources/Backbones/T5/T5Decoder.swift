import NeuralNetworks
import TensorEngine

/// The decoder stack: from embedded target tokens and the encoder's hidden states to hidden states.
struct T5Decoder: Sendable {
  struct Block: Sendable {
    let norm: RMSNorm
    let attention: T5Attention
    let crossNorm: RMSNorm
    let crossAttention: T5Attention
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
    input = blueprint.input(SitePath(.decoder, nil, .input))
    positionBias = try blueprint.weight(
      SitePath(.decoder, 0, .positionBias),
      "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
      [configuration.bucketCount, configuration.headCount])
    blocks = try (0..<configuration.decoderLayerCount).map { layer in
      let name = "decoder.block.\(layer).layer"
      func norm(_ part: SitePath.Part, _ index: Int) throws -> RMSNorm {
        try blueprint.rmsNorm(
          SitePath(.decoder, layer, part), "\(name).\(index).layer_norm.weight", width,
          epsilon: configuration.epsilon)
      }
      return Block(
        norm: try norm(.attentionNorm, 0),
        attention: try T5Attention(
          &blueprint, configuration, .decoder, layer, .own, "\(name).0.SelfAttention"),
        crossNorm: try norm(.crossAttentionNorm, 1),
        crossAttention: try T5Attention(
          &blueprint, configuration, .decoder, layer, .cross, "\(name).1.EncDecAttention"),
        feedForward: try T5FeedForward(&blueprint, configuration, .decoder, layer, "\(name).2"),
        site: blueprint.call(SitePath(.decoder, layer, .block), width, width))
    }
    finalNorm = try blueprint.rmsNorm(
      SitePath(.decoder, nil, .finalNorm), "decoder.final_layer_norm.weight", width,
      epsilon: configuration.epsilon)
  }

  /// What every block attends to in the encoder's hidden states, once a source.
  ///
  /// - Parameters:
  ///   - firstRow: the place of its first row among those that masks are drawn for.
  ///   - queryCount: how many target tokens a source gets, at most.
  func crossMemory(
    _ source: EmbeddedInput, firstRow: Int = 0, queryCount: Int, _ forward: Forward
  ) -> [T5Memory] {
    let forward = forward.over(
      RowLayout(segments: source.segments, encoded: source, firstRow: firstRow))
    return blocks.map {
      $0.crossAttention.memory(source.embeddings, queryCount: queryCount, forward)
    }
  }

  /// How one pass of the stack attends: over itself and over the source.
  struct Layout {
    let own: AttentionShape
    let cross: AttentionShape

    /// - Parameters:
    ///   - rows: the sequences of the new tokens; `past`: with everything read before them.
    ///   - position: the position of the new tokens' first.
    init(
      _ configuration: T5Configuration, rows: Segments, past: Segments, position: Int,
      rowsBySource: Segments, source: Segments
    ) {
      own = AttentionShape(
        queries: rows, keys: past, headCount: configuration.headCount, isCausal: true,
        queryPosition: position,
        buckets: PositionBuckets(
          count: configuration.bucketCount, maximumDistance: configuration.maximumDistance,
          isBidirectional: false))
      cross = AttentionShape(
        queries: rowsBySource, keys: source, headCount: configuration.headCount)
    }
  }

  /// Hidden states `[rows, width]` of embedded target tokens.
  ///
  /// - Parameter remember: receives a block's new keys and values and returns all it may attend to;
  ///   places after those of the blocks belong to a network beside the stack, one a block.
  func callAsFunction(
    _ embedded: Tensor, _ layout: Layout, cross: [T5Memory],
    _ forward: Forward,
    remember: (_ block: Int, _ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    let biasTable = forward.weight(positionBias)
    var x = forward.dropped(embedded, input.path, "input")
    var side = forward.side(of: input, x, own: layout.own, cross: layout.cross)
    for (index, block) in blocks.enumerated() {
      x = forward.call(block.site, x) { x in
        let h = block.attention.add(
          to: x, block.norm(x, forward),
          memory: { x in
            let all = remember(
              index, block.attention.key(x, forward), block.attention.value(x, forward))
            return .projected(keys: all.keys, values: all.values)
          }, biasTable: biasTable, layout.own, forward)
        let z = block.crossAttention.add(
          to: h, block.crossNorm(h, forward), memory: { _ in cross[index] }, biasTable: nil,
          layout.cross, forward)
        return block.feedForward(z, forward)
      }
      side.advance(past: index, x) { remember(blocks.count + index, $0, $1) }
    }
    return side.finish(forward.dropped(finalNorm(x, forward), finalNorm.site.path, "output"))
      .embeddings
  }
}
