import NeuralNetworks
import TensorEngine

/// A trained linear layer with bias, `y = x W + b`: `W` `[input, output]`, `b` `[output]`.
struct TrainedLinear: Sendable {
  let weight, bias: Parameter

  /// Declares `<name>.weight` and `<name>.bias` at a site.
  ///
  /// - Parameter biases: what the bias starts as.
  init<Kind>(
    _ name: String, _ input: Int, _ output: Int, _ weights: Initializer,
    biases: Initializer = .zeros, at site: Site<Kind>, into adaptation: inout Adaptation
  ) {
    weight = adaptation.parameter("\(name).weight", [input, output], weights, at: site)
    bias = adaptation.parameter("\(name).bias", [output], biases, at: site)
  }

  /// `x` is `[rows, input]`, the result `[rows, output]`.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    x.matmul(pass[weight]) + pass[bias]
  }
}
