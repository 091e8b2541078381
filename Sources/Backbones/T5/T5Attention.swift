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
    headCount = configuration.headCount
  }

  /// `x` `[query rows, width]` attends to projected `keys` and `values` `[key rows, inner]`.
  func attend(
    _ x: Tensor, keys: Tensor, values: Tensor, biasTable: Tensor?, _ shape: AttentionShape,
    _ forward: Forward
  ) -> Tensor {
    var shape = shape
    shape.dropout = forward.dropout
    shape.dropoutKey = forward.dropoutKey(site.path, "probabilities")
    let mixed = query(x, forward).attention(
      keys: keys, values: values, biasTable: biasTable, shape)
    return output(mixed, forward)
  }
}
