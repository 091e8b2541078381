import Kernels

/// The product with a constant number.
struct Scale: Primitive {
  let factor: Float

  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    Evaluation(scaled(operands[0])) { [scaled($0)] }
  }

  private func scaled(_ x: Tensor) -> Tensor {
    .filled(x.shape) { dept_scale(x.scalarCount, factor, x.pointer, $0) }
  }
}

extension Tensor {
  /// The product with a constant number.
  public static func * (factor: Float, x: Tensor) -> Tensor { Scale(factor: factor)(x) }
}
