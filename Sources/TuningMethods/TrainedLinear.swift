import NeuralNetworks
import TensorEngine

/// A linear layer of a method's own: `x W + b`, with `W` `[input, output]` and `b` `[output]`.
///
/// Both start uniform in `±1/√input`, as PyTorch's `Linear` does.
struct TrainedLinear: Sendable {
  let weight, bias: Parameter

  /// Declares `<site path>/<name>.weight` and `<site path>/<name>.bias`.
  init<Kind>(
    _ name: String, _ input: Int, _ output: Int, at site: Site<Kind>,
    into adaptation: inout Adaptation
  ) {
    let start = Initializer.kaimingUniform(fanIn: input)
    weight = adaptation.parameter("\(name).weight", [input, output], start, at: site)
    bias = adaptation.parameter("\(name).bias", [output], start, at: site)
  }

  /// `[rows, input]` → `[rows, output]`.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    x.matmul(pass[weight]) + pass[bias]
  }
}
