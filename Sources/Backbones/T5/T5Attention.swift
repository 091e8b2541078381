import NeuralNetworks
import TensorEngine

/// One attention sublayer: four projections of `heads · headWidth`, no bias, scores not scaled.
struct T5Attention: Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  /// The whole sublayer, for methods that wrap it.
  let site: Site<Call>
  /// Its keys and values, for methods that add to them.
  let memorySite: Site<Attention>
  let headCount: Int

  /// The addresses of a self- or cross-attention.
  struct Parts {
    let query, key, value, output, whole: SitePath.Part

    static let own = Parts(
      query: .query, key: .key, value: .value, output: .output, whole: .attention)
    static let cross = Parts(
      query: .crossQuery, key: .crossKey, value: .crossValue, output: .crossOutput,
      whole: .crossAttention)
  }

  init(
    _ blueprint: inout Blueprint, _ configuration: T5Configuration, _ stack: SitePath.Stack,
    _ layer: Int, _ parts: Parts, _ name: String
  ) throws {
    let (width, inner) = (configuration.width, configuration.headCount * configuration.headWidth)
    func path(_ part: SitePath.Part) -> SitePath { SitePath(stack, layer, part) }
    query = try blueprint.linear(path(parts.query), "\(name).q.weight", width, inner)
    key = try blueprint.linear(path(parts.key), "\(name).k.weight", width, inner)
    value = try blueprint.linear(path(parts.value), "\(name).v.weight", width, inner)
    output = try blueprint.linear(path(parts.output), "\(name).o.weight", inner, width)
    site = blueprint.call(path(parts.whole), width, width)
    memorySite = blueprint.attention(path(parts.whole), inner)
    headCount = configuration.headCount
  }

  /// `residual` plus, with dropout, what `x` gets by attending as in `attend`.
  func add(
    to residual: Tensor, _ x: Tensor, memory: (Tensor) -> T5Memory, biasTable: Tensor?,
    _ shape: AttentionShape, _ forward: Forward
  ) -> Tensor {
    guard forward.isBare(site) else {
      let y = forward.call(site, x) {
        output(mix($0, memory($0), biasTable: biasTable, shape, forward), forward)
      }
      return residual + forward.dropped(y, site.path, "output")
    }
    let mixed = mix(x, memory(x), biasTable: biasTable, shape, forward)
    return output(mixed, addedTo: residual, dropping: site.path, forward)
  }

  /// `residual` plus, with dropout, what the rows `x` get by attending to each other; in one go
  /// where nothing acts on the sublayer or in it.
  func add(
    to residual: Tensor, attending x: Tensor, biasTable: Tensor, _ shape: AttentionShape,
    _ forward: Forward
  ) -> Tensor {
    guard forward.isBare(site), forward.isBare(memorySite), let weights = bareWeights(forward)
    else {
      return add(
        to: residual, x, memory: { memory($0, forward) }, biasTable: biasTable, shape, forward)
    }
    var shape = forward.dropping(shape, site.path, "probabilities")
    shape.roundsOperands = weights.output.dtype == .bfloat16
    return residual.addingSelfAttention(
      of: x, weights, biasTable: biasTable, shape, dropout: forward.dropout,
      key: forward.dropoutKey(site.path, "output", width: output.site.output))
  }

  private func bareWeights(_ forward: Forward) -> AttentionWeights? {
    guard let query = query.bareWeight(forward), let key = key.bareWeight(forward),
      let value = value.bareWeight(forward), let output = output.bareWeight(forward),
      Set([query, key, value, output].map(\.dtype)).count == 1
    else { return nil }
    return AttentionWeights(query: query, key: key, value: value, output: output)
  }

  /// The mixed values, `[query rows, inner]`, that `x` `[query rows, width]` attends to.
  private func mix(
    _ x: Tensor, _ memory: T5Memory, biasTable: Tensor?, _ shape: AttentionShape,
    _ forward: Forward
  ) -> Tensor {
    var shape = forward.dropping(shape, site.path, "probabilities")
    shape.roundsOperands = forward.weight(output.weight).dtype == .bfloat16
    let queries = query(x, forward)
    switch memory {
    case .projected(let keys, let values):
      let memory = forward.memory(
        memorySite, AttentionMemory(keys: keys, values: values, segments: shape.keys))
      shape.keys = memory.segments
      shape.queryPosition += memory.prefixLength
      return queries.attention(
        keys: memory.keys, values: memory.values, biasTable: biasTable, shape)
    case .absorbed(let hidden, let keyWeight, let valueWeight):
      // (q Wkᵀ-head)·h instead of q·(Wk h): each head's queries become rows as wide as the model.
      shape.queries = Segments(lengths: shape.queries.lengths.map { Int($0) * headCount })
      shape.headCount = 1
      shape.dropoutRow *= headCount
      return queries.expandingHeads(headCount, by: keyWeight)
        .attention(over: hidden, shape)
        .collapsingHeads(headCount, by: valueWeight)
    }
  }

  /// What later queries attend to: the projected keys and values of `hidden` `[rows, width]`.
  func memory(_ hidden: Tensor, _ forward: Forward) -> T5Memory {
    .projected(keys: key(hidden, forward), values: value(hidden, forward))
  }

  /// The same for `queryCount` queries a sequence. Few queries are cheaper with the projections
  /// absorbed into them; that takes layers on which nothing acts.
  func memory(_ hidden: Tensor, queryCount: Int, _ forward: Forward) -> T5Memory {
    let headWidth = query.site.output / headCount
    guard 2 * queryCount <= headWidth, forward.isBare(memorySite),
      let keyWeight = key.bareWeight(forward),
      let valueWeight = value.bareWeight(forward)
    else { return memory(hidden, forward) }
    return .absorbed(hidden, keyWeight: keyWeight, valueWeight: valueWeight)
  }
}

/// What an attention attends to.
enum T5Memory: Sendable {
  /// Keys and values, each `[rows, inner]`.
  case projected(keys: Tensor, values: Tensor)
  /// Hidden states `[rows, width]` as they are, and the weights whose products are not formed.
  case absorbed(Tensor, keyWeight: Tensor, valueWeight: Tensor)
}
