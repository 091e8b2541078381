import NeuralNetworks
import TensorEngine

/// A linear layer of a method's own: `y = x W + b`, with `W` `[input, output]` and `b` `[output]`.
struct TrainedLinear: Sendable {
  let weight, bias: Parameter

  /// Declares `<site path>/<name>.weight` and `<site path>/<name>.bias`.
  ///
  /// - Parameters:
  ///   - weights, biases: what they start as.
  init<Kind>(
    _ name: String, _ input: Int, _ output: Int, _ weights: Initializer,
    biases: Initializer = .zeros, at site: Site<Kind>, into adaptation: inout Adaptation
  ) {
    weight = adaptation.parameter("\(name).weight", [input, output], weights, at: site)
    bias = adaptation.parameter("\(name).bias", [output], biases, at: site)
  }

  /// Both start uniform in `±1/√input`, as PyTorch's `Linear` does.
  init<Kind>(
    _ name: String, _ input: Int, _ output: Int, at site: Site<Kind>,
    into adaptation: inout Adaptation
  ) {
    let start = Initializer.kaimingUniform(fanIn: input)
    self.init(name, input, output, start, biases: start, at: site, into: &adaptation)
  }

  /// `[rows, input]` → `[rows, output]`.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    x.matmul(pass[weight]) + pass[bias]
  }
}
