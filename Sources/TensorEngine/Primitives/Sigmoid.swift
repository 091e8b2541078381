import Kernels

/// The logistic function `1 / (1 + exp(−x))`; backward keeps the result.
struct Sigmoid: Primitive {
  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let y = Tensor.filled(x.shape) { dept_sigmoid(x.scalarCount, x.pointer, $0) }
    return Evaluation(y) { gradient in
      [.filled(y.shape) { dept_sigmoid_pull(y.scalarCount, y.pointer, gradient.pointer, $0) }]
    }
  }
}

extension Tensor {
  /// The logistic function `1 / (1 + exp(−x))`, elementwise.
  public func sigmoid() -> Tensor { TensorEngine.Sigmoid()(self) }
}
