import Kernels

/// The sum of all elements.
struct Sum: Primitive {
  func shape(of operands: [Shape]) -> Shape { [] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let shape = x.shape
    return Evaluation(Tensor(Float(dept_sum(x.scalarCount, x.pointer)))) { gradient in
      [.repeating(gradient.scalar, shape: shape)]
    }
  }
}

extension Tensor {
  /// The sum of all elements, as a scalar tensor.
  public func sum() -> Tensor { Sum()(self) }

  /// The sum of all squares, in double precision, without history.
  public func sumOfSquares() -> Double { dept_sum_squares(scalarCount, pointer) }
}
