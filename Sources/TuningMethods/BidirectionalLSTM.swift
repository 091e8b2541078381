import NeuralNetworks
import TensorEngine

/// Layers of long short-term memory that read the rows of one sequence from both ends
/// (Hochreiter and Schmidhuber, 1997): `[rows, input]` → `[rows, 2 · width]`.
///
/// `i, f, g, o = x W + h U + b`; `c = σ(f) ∘ c + σ(i) ∘ tanh(g)`; `h = σ(o) ∘ tanh(c)`, from zeros.
/// `W` is `[input, 4 · width]`, `U` `[width, 4 · width]`, `b` `[4 · width]`, gates in PyTorch's
/// order. PyTorch has two biases that are added; here they are one.
struct BidirectionalLSTM: Sendable {
  /// One way through one layer.
  private struct Direction: Sendable {
    let input, hidden, bias: Parameter
    let isBackward: Bool
  }

  private let layers: [[Direction]]
  private let width: Int

  /// Declares `<site path>/<name>.<layer>.<forward or backward>.<input, hidden or bias>`, all
  /// uniform in `±1/√width` as PyTorch's `LSTM` starts, the bias as the sum of two.
  init(
    _ name: String, layerCount: Int, _ input: Int, _ width: Int, at site: Site<Embedding>,
    into adaptation: inout Adaptation
  ) {
    let bound = 1 / Float(width).squareRoot()
    let twoBiases = Initializer { shape, context in
      let other = context.key.folding("hidden")
      return .uniform(shape, in: -bound...bound, key: context.key)
        + .uniform(shape, in: -bound...bound, key: other)
    }
    self.width = width
    layers = (0..<layerCount).map { layer in
      ["forward", "backward"].map { way in
        let path = "\(name).\(layer).\(way)"
        return Direction(
          input: adaptation.parameter(
            "\(path).input", [layer == 0 ? input : 2 * width, 4 * width], .uniform(bound),
            at: site),
          hidden: adaptation.parameter(
            "\(path).hidden", [width, 4 * width], .uniform(bound), at: site),
          bias: adaptation.parameter("\(path).bias", [4 * width], twoBiases, at: site),
          isBackward: way == "backward")
      }
    }
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    layers.reduce(x) { x, layer in
      Tensor(joiningColumns: layer.map { read(x, $0, pass) })
    }
  }

  /// The states `[rows, width]` of one direction, in the order of the rows.
  private func read(_ x: Tensor, _ direction: Direction, _ pass: Pass) -> Tensor {
    let entering = x.matmul(pass[direction.input]) + pass[direction.bias]
    let order = Array(0..<x.shape[0])
    var states: [Tensor] = []
    var cell: Tensor?
    for row in direction.isBackward ? order.reversed() : order {
      var gates = entering.rows(row..<row + 1)
      if let state = states.last { gates = gates + state.matmul(pass[direction.hidden]) }
      func gate(_ index: Int) -> Tensor { gates.columns(index * width..<(index + 1) * width) }
      let written = gate(0).sigmoid() * gate(2).tanh()
      let kept = cell.map { gate(1).sigmoid() * $0 }
      let next = kept.map { $0 + written } ?? written
      states.append(gate(3).sigmoid() * next.tanh())
      cell = next
    }
    return Tensor(joiningRows: direction.isBackward ? states.reversed() : states)
  }
}
