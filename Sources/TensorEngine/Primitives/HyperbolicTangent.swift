import Kernels

/// The hyperbolic tangent; backward keeps the result.
struct HyperbolicTangent: Primitive {
  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let y = Tensor.filled(x.shape) { dept_tanh(x.scalarCount, x.pointer, $0) }
    return Evaluation(y) { gradient in
      [.filled(y.shape) { dept_tanh_pull(y.scalarCount, y.pointer, gradient.pointer, $0) }]
    }
  }
}

extension Tensor {
  /// The hyperbolic tangent, elementwise.
  public func tanh() -> Tensor { HyperbolicTangent()(self) }
}
