import NeuralNetworks
import TensorEngine

/// One causal self-attention: four projections with biases, scores divided by the square root of a
/// head's width.
struct GPT2Attention: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  /// The whole sublayer, for methods that wrap it.
  let site: Site<Call>
  /// Its keys and values, for methods that add to them.
  let memorySite: Site<Attention>
  private let scale: Float

  init(
    _ blueprint: inout Blueprint, _ configuration: GPT2Configuration, _ layer: Int, _ name: String
  ) throws {
    let width = configuration.width
    func path(_ part: SitePath.Part) -> SitePath { SitePath(.decoder, layer, part) }
    func third(_ part: SitePath.Part, bias: SitePath.Part) throws -> Linear {
      try blueprint.linear(
        path(part), "\(name).c_attn.weight[\(part.rawValue)]", width, width,
        bias: (bias, "\(name).c_attn.bias[\(part.rawValue)]"))
    }
    query = try third(.query, bias: .queryBias)
    key = try third(.key, bias: .keyBias)
    value = try third(.value, bias: .valueBias)
    output = try blueprint.linear(
      path(.output), "\(name).c_proj.weight", width, width,
      bias: (.outputBias, "\(name).c_proj.bias"))
    site = blueprint.call(path(.attention), width, width)
    memorySite = blueprint.attention(path(.attention), width)
    let headWidth = width / configuration.headCount
    scale = configuration.scalesScores ? 1 / Float(headWidth).squareRoot() : 1
  }

  /// `residual` plus, with dropout, what `x` gets by attending.
  ///
  /// - Parameter remember: receives the new keys and values and returns all there are to attend to,
  ///   those of `shape.keys`, of which each sequence's last ones are its queries' own.
  func add(
    to residual: Tensor, _ x: Tensor, _ shape: AttentionShape, _ forward: Forward,
    remember: (_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    guard forward.isBare(site) else {
      let y = forward.call(site, x) {
        output(mix($0, shape, forward, remember), forward)
      }
      return residual + forward.dropped(y, site.path, "output")
    }
    return output(
      mix(x, shape, forward, remember), addedTo: residual, dropping: site.path, forward)
  }

  /// The mixed values, `[query rows, width]`, that `x` `[query rows, width]` attends to.
  private func mix(
    _ x: Tensor, _ shape: AttentionShape, _ forward: Forward,
    _ remember: (Tensor, Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    let own = remember(key(x, forward), value(x, forward))
    let memory = forward.memory(
      memorySite, AttentionMemory(keys: own.keys, values: own.values, segments: shape.keys))
    var shape = forward.dropping(shape, site.path, "probabilities")
    shape.keys = memory.segments
    shape.scale = scale
    shape.roundsOperands = forward.weight(output.weight).dtype == .bfloat16
    return query(x, forward).attention(keys: memory.keys, values: memory.values, shape)
  }
}
