import NeuralNetworks
import TensorEngine

/// A block of a side network: the backbone's kind of block, narrower, without biases in its linear
/// layers; `w` is the side's width, `i` that of all its heads.
struct LadderBlock: Sendable {
  /// Four projections: query, key and value `[w, i]`, output `[i, w]`.
  private struct Heads: Sendable {
    let norm: SideNorm
    let query, key, value, output: Parameter
  }

  private let path: SitePath
  private let own: Heads
  private let cross: Heads?
  private let norm: SideNorm
  /// `[w, ff]` and `[ff, w]`.
  private let up, down: Parameter
  private let headCount: Int
  /// GPT-2's, where T5's scores are not scaled and its feed-forward sublayer has a ReLU.
  private let isScaled: Bool

  init(
    _ pruning: Pruning, _ dimensions: Anatomy.Dimensions, readsEncoder: Bool, at site: Site<Call>,
    into adaptation: inout Adaptation
  ) {
    let (width, inner) = (pruning.width, pruning.headsWidth)
    let (stack, layer) = (site.path.stack, site.path.layer ?? 0)
    func norm(_ part: SitePath.Part) -> SideNorm {
      SideNorm(
        "side.\(part.rawValue)", pruning, dimensions, from: part, at: site, into: &adaptation)
    }
    func heads(_ prefix: String, _ part: SitePath.Part) -> Heads {
      func projection(_ name: String, _ shape: Shape, _ start: Initializer) -> Parameter {
        adaptation.parameter("side.\(prefix)\(name)", shape, start, at: site)
      }
      let starts = pruning.attention(stack, layer, isCross: !prefix.isEmpty)
      return Heads(
        norm: norm(part), query: projection("query", [width, inner], starts.query),
        key: projection("key", [width, inner], starts.key),
        value: projection("value", [width, inner], starts.value),
        output: projection("output", [inner, width], starts.output))
    }
    path = site.path
    headCount = dimensions.headCount
    isScaled = dimensions.normalization == .layer
    own = heads("", .attentionNorm)
    cross = readsEncoder ? heads("cross-", .crossAttentionNorm) : nil
    self.norm = norm(.feedForwardNorm)
    let starts = pruning.feedForward(stack, layer)
    up = adaptation.parameter("side.up", [width, pruning.innerWidth], starts.up, at: site)
    down = adaptation.parameter(
      "side.down-projection", [pruning.innerWidth, width], starts.down, at: site)
  }

  /// The state `[rows, w]` after the block.
  func callAsFunction(
    _ state: Tensor, _ attention: SideAttention, biasTable: Tensor?, _ pass: Pass,
    remember: (_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    let x = own.norm(state, pass)
    let memory = remember(x.matmul(pass[own.key]), x.matmul(pass[own.value]))
    var state = adding(
      mixed(x, own, memory, attention.own, biasTable, "side.attention", pass), to: state,
      "side.attention-output", pass)
    if let cross, let shape = attention.cross, let source = pass.encoded?.beside {
      let keys = pass.once(path, "side.cross-keys") { source.matmul(pass[cross.key]) }
      let values = pass.once(path, "side.cross-values") { source.matmul(pass[cross.value]) }
      let x = cross.norm(state, pass)
      state = adding(
        mixed(x, cross, (keys, values), shape, nil, "side.cross-attention", pass), to: state,
        "side.cross-attention-output", pass)
    }
    let inner = norm(state, pass).matmul(pass[up])
    let active = isScaled ? inner.gelu(approximate: true) : inner.relu()
    // GPT-2 drops nothing between its two layers.
    let kept = isScaled ? active : pass.dropped(active, pass.dropout, path, "side.hidden")
    return adding(kept.matmul(pass[down]), to: state, "side.feed-forward-output", pass)
  }

  private func mixed(
    _ x: Tensor, _ heads: Heads, _ memory: (keys: Tensor, values: Tensor), _ shape: AttentionShape,
    _ biasTable: Tensor?, _ place: String, _ pass: Pass
  ) -> Tensor {
    let query = x.matmul(pass[heads.query])
    var shape = pass.dropping(shape, path, place)
    shape.headCount = headCount
    shape.scale = isScaled ? 1 / Float(heads.query.shape[1] / headCount).squareRoot() : 1
    return query.attention(
      keys: memory.keys, values: memory.values, biasTable: biasTable, shape
    ).matmul(pass[heads.output])
  }

  private func adding(_ y: Tensor, to state: Tensor, _ place: String, _ pass: Pass) -> Tensor {
    state + pass.dropped(y, pass.dropout, path, place)
  }
}
