import NeuralNetworks
import TensorEngine

/// The feed-forward sublayer: `wo(act(wi x))`, or gated, `wo(act(wi₀ x) · wi₁ x)`.
struct T5FeedForward: Sendable {
  /// The activated projection: `wi`, or `wi_0` where gated.
  let gate: Linear
  /// `wi_1`, where gated.
  let up: Linear?
  let down: Linear
  let norm: RMSNorm
  let site: Site<Call>
  let activation: T5Configuration.Activation

  init(
    _ blueprint: inout Blueprint, _ configuration: T5Configuration, _ stack: SitePath.Stack,
    _ layer: Int, _ name: String
  ) throws {
    let (width, inner) = (configuration.width, configuration.innerWidth)
    func path(_ part: SitePath.Part) -> SitePath { SitePath(stack, layer, part) }
    activation = configuration.activation
    let dense = "\(name).DenseReluDense"
    if activation.isGated {
      gate = try blueprint.linear(path(.gate), "\(dense).wi_0.weight", width, inner)
      up = try blueprint.linear(path(.up), "\(dense).wi_1.weight", width, inner)
    } else {
      gate = try blueprint.linear(path(.up), "\(dense).wi.weight", width, inner)
      up = nil
    }
    down = try blueprint.linear(path(.down), "\(dense).wo.weight", inner, width)
    norm = try blueprint.rmsNorm(
      path(.feedForwardNorm), "\(name).layer_norm.weight", width, epsilon: configuration.epsilon)
    site = blueprint.call(path(.feedForward), width, width)
  }

  /// `x` plus the sublayer of `x`.
  func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    guard forward.isBare(site) else {
      let y = forward.call(site, norm(x, forward)) { down(hidden($0, forward), forward) }
      return x + forward.dropped(y, site.path, "output")
    }
    let normalized = norm(x, forward)
    if activation == .relu, let up = gate.bareWeight(forward),
      let down = down.bareWeight(forward)
    {
      return x.addingRectifiedFeedForward(
        of: normalized, up: up, down: down, dropout: forward.dropout,
        hiddenKey: forward.dropoutKey(site.path, "hidden", width: gate.site.output),
        outputKey: forward.dropoutKey(site.path, "output", width: self.down.site.output))
    }
    return down(hidden(normalized, forward), addedTo: x, dropping: site.path, forward)
  }

  /// What `down` reads, dropout included: `[rows, innerWidth]`.
  private func hidden(_ x: Tensor, _ forward: Forward) -> Tensor {
    if activation == .relu, let weight = gate.bareWeight(forward) {
      return x.rectifiedProjection(
        by: weight, dropout: forward.dropout,
        key: forward.dropoutKey(site.path, "hidden", width: gate.site.output))
    }
    var hidden = activated(gate(x, forward))
    if let up { hidden = hidden * up(x, forward) }
    return forward.dropped(hidden, site.path, "hidden")
  }

  private func activated(_ x: Tensor) -> Tensor {
    switch activation {
    case .relu, .gatedReLU: x.relu()
    case .gelu: x.gelu(approximate: false)
    case .gatedGELU: x.gelu(approximate: true)
    }
  }
}
