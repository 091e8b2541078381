import NeuralNetworks
import TensorEngine

/// The small network that adapters put after a sublayer: `h + W_up σ(W_down h + b) + b'`.
///
/// `W_down` is `[width, bottleneck]` and starts normal with deviation 0.01, `W_up` is
/// `[bottleneck, width]` and starts at zero, as do the biases: at the start `h` passes unchanged.
struct Bottleneck: Sendable {
  /// The nonlinearity σ.
  enum Activation { case gelu, relu }

  let down, downBias, up, upBias: Parameter
  let activation: Activation

  init(
    _ bottleneck: Int, _ activation: Activation, at site: Site<Call>,
    into adaptation: inout Adaptation
  ) {
    let width = site.output
    self.activation = activation
    down = adaptation.parameter(
      "adapter.down.weight", [width, bottleneck], .normal(0.01), at: site)
    downBias = adaptation.parameter("adapter.down.bias", [bottleneck], .zeros, at: site)
    up = adaptation.parameter("adapter.up.weight", [bottleneck, width], .zeros, at: site)
    upBias = adaptation.parameter("adapter.up.bias", [width], .zeros, at: site)
  }

  /// `h` `[rows, width]` with what the bottleneck adds to it.
  func callAsFunction(_ h: Tensor, _ pass: Pass) -> Tensor {
    let inner = h.matmul(pass[down]) + pass[downBias]
    let active = activation == .gelu ? inner.gelu(approximate: true) : inner.relu()
    return h + active.matmul(pass[up]) + pass[upBias]
  }

  /// Puts a bottleneck after each of `sites`.
  static func insert(
    _ bottleneck: Int, _ activation: Activation, after sites: [Site<Call>],
    into adaptation: inout Adaptation
  ) {
    for site in sites {
      let adapter = Bottleneck(bottleneck, activation, at: site, into: &adaptation)
      adaptation.around(site) { x, pass, proceed in adapter(proceed(x), pass) }
    }
  }
}
