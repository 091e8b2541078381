import Kernels

/// A matrix with its axes exchanged.
struct Transpose: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition(x.count == 2, "transposed takes a matrix, not \(x)")
    return [x[1], x[0]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    Evaluation(Self.exchanged(operands[0])) { [Self.exchanged($0)] }
  }

  private static func exchanged(_ x: Tensor) -> Tensor {
    .filled([x.shape[1], x.shape[0]]) { dept_transpose(x.shape[0], x.shape[1], x.pointer, $0) }
  }
}

extension Tensor {
  /// The matrix with its axes exchanged: `[m, n]` → `[n, m]`. A product reads either operand
  /// transposed by itself (`matmul`), without a copy.
  ///
  /// - Precondition: `self` is a matrix.
  public func transposed() -> Tensor { Transpose()(self) }
}
