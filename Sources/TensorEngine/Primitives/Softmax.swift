import Kernels

/// `exp(x[i, j]) / Σ_l exp(x[i, l])`; backward keeps the result.
struct Softmax: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition((x.last ?? 0) > 0, "softmax: the rows of \(x) have no elements")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let y = Tensor.filled(x.shape) { dept_softmax(x.rows, x.width, x.pointer, $0) }
    return Evaluation(y) { gradient in
      [
        .filled(y.shape) {
          dept_softmax_pull(y.rows, y.width, y.pointer, gradient.pointer, $0)
        }
      ]
    }
  }
}

extension Tensor {
  /// The softmax over the last axis: `[…, width]`, whose rows add up to 1. A temperature is a
  /// factor of the operand: `((1 / temperature) * x).softmax()`.
  ///
  /// - Precondition: `width > 0`.
  public func softmax() -> Tensor { TensorEngine.Softmax()(self) }
}
