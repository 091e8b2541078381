import NeuralNetworks
import TensorEngine

/// The feed-forward sublayer: `down(gelu(up(norm x)))`.
struct GPT2FeedForward: Sendable {
  let norm: LayerNorm
  let up: Linear
  let down: Linear
  let site: Site<Call>
  let activation: GPT2Configuration.Activation

  init(
    _ blueprint: inout Blueprint, _ configuration: GPT2Configuration, _ layer: Int, _ name: String
  ) throws {
    let (width, inner) = (configuration.width, configuration.innerWidth)
    func path(_ part: SitePath.Part) -> SitePath { SitePath(.decoder, layer, part) }
    norm = try blueprint.layerNorm(
      path(.feedForwardNorm), bias: .feedForwardNormBias, "\(name).ln_2", width,
      epsilon: configuration.epsilon)
    up = try blueprint.linear(
      path(.up), "\(name).mlp.c_fc.weight", width, inner,
      bias: (.upBias, "\(name).mlp.c_fc.bias"))
    down = try blueprint.linear(
      path(.down), "\(name).mlp.c_proj.weight", inner, width,
      bias: (.downBias, "\(name).mlp.c_proj.bias"))
    site = blueprint.call(path(.feedForward), width, width)
    activation = configuration.activation
  }

  /// `x` plus, with dropout, the sublayer of `x`.
  func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    guard forward.isBare(site) else {
      let y = forward.call(site, norm(x, forward)) { down(activated($0, forward), forward) }
      return x + forward.dropped(y, site.path, "output")
    }
    return down(activated(norm(x, forward), forward), addedTo: x, dropping: site.path, forward)
  }

  /// What `down` reads, `[rows, innerWidth]`.
  private func activated(_ x: Tensor, _ forward: Forward) -> Tensor {
    up(x, forward).gelu(approximate: activation == .approximateGELU)
  }
}
