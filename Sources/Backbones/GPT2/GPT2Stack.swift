import NeuralNetworks
import TensorEngine

/// The blocks: from embedded tokens to hidden states.
struct GPT2Stack: Sendable {
  struct Block: Sendable {
    let norm: LayerNorm
    let attention: GPT2Attention
    let feedForward: GPT2FeedForward
    let site: Site<Call>
  }

  let input: Site<Embedding>
  let position: FrozenWeight
  let blocks: [Block]
  let finalNorm: LayerNorm
  private let configuration: GPT2Configuration

  init(_ blueprint: inout Blueprint, _ configuration: GPT2Configuration) throws {
    self.configuration = configuration
    let (width, epsilon) = (configuration.width, configuration.epsilon)
    input = blueprint.input(SitePath(.decoder, nil, .input))
    position = try blueprint.weight(
      SitePath(.decoder, nil, .position), "transformer.wpe.weight",
      [configuration.positionCount, width])
    blocks = try (0..<configuration.layerCount).map { layer in
      let name = "transformer.h.\(layer)"
      return Block(
        norm: try blueprint.layerNorm(
          SitePath(.decoder, layer, .attentionNorm), bias: .attentionNormBias, "\(name).ln_1",
          width, epsilon: epsilon),
        attention: try GPT2Attention(&blueprint, configuration, layer, "\(name).attn"),
        feedForward: try GPT2FeedForward(&blueprint, configuration, layer, name),
        site: blueprint.call(SitePath(.decoder, layer, .block), width, width))
    }
    finalNorm = try blueprint.layerNorm(
      SitePath(.decoder, nil, .finalNorm), bias: .finalNormBias, "transformer.ln_f", width,
      epsilon: epsilon)
  }

  /// Hidden states `[rows, width]` of embedded tokens.
  ///
  /// - Parameters:
  ///   - past: the rows that each sequence has read before these.
  ///   - sources: for each sequence, the index of its source in the batch.
  ///   - firstRow: the place of the first row among those that masks are drawn for.
  ///   - remember: receives a block's new keys and values and returns all it may attend to; places
  ///     after those of the blocks belong to a network beside the stack, one a block.
  func callAsFunction(
    _ embedded: EmbeddedInput, after past: Segments, sources: [Int32], firstRow: Int = 0,
    _ forward: Forward,
    remember: (_ block: Int, _ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    let rows = embedded.segments
    let forward = forward.over(RowLayout(segments: rows, sources: sources, firstRow: firstRow))
    var shape = AttentionShape(
      queries: rows, keys: past.appending(rows), headCount: configuration.headCount,
      isCausal: true)
    // Rows before a sequence's own, be they of the past or of a method, are seen by all its
    // queries.
    shape.endsTogether = true
    let positions = positions(of: rows, after: past, first: embedded.firstPosition)
    var x = forward.dropped(
      embedded.embeddings.adding(rowsOf: forward.weight(position), at: positions), input.path,
      "input")
    var side = forward.side(of: input, x, own: shape)
    for (index, block) in blocks.enumerated() {
      x = forward.call(block.site, x) { x in
        let mixed = block.attention.add(to: x, block.norm(x, forward), shape, forward) {
          remember(index, $0, $1)
        }
        return block.feedForward(mixed, forward)
      }
      side.advance(past: index, x) { remember(blocks.count + index, $0, $1) }
    }
    return side.finish(finalNorm(x, forward)).embeddings
  }

  private func positions(of rows: Segments, after past: Segments, first: Int) -> [Int32] {
    let positions = (0..<rows.count).flatMap { sequence -> Range<Int32> in
      let start = Int32(first) + past.lengths[sequence]
      return start..<start + rows.lengths[sequence]
    }
    let count = Int(positions.max() ?? -1) + 1
    precondition(
      count <= configuration.positionCount,
      "a sequence of \(count) rows, and the model has \(configuration.positionCount) positions")
    return positions
  }
}
