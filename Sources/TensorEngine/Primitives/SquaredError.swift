import Kernels

/// `Σ (x − target)² / normalizer` against a constant; backward keeps the differences.
struct SquaredError: Primitive {
  let target: Tensor
  let normalizer: Float

  func shape(of operands: [Shape]) -> Shape {
    precondition(
      operands[0] == target.shape, "the squared error of \(operands[0]) and \(target.shape)")
    return []
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let count = x.scalarCount
    let difference = Tensor.filled(x.shape) {
      dept_scale(count, -1, target.pointer, $0)
      dept_add(count, x.pointer, UnsafePointer($0), $0)
    }
    let value = Tensor(Float(difference.sumOfSquares() / Double(normalizer)))
    return Evaluation(value) { gradient in
      [
        .filled(difference.shape) {
          dept_scale(count, 2 * gradient.scalar / normalizer, difference.pointer, $0)
        }
      ]
    }
  }
}

extension Tensor {
  /// The sum of the squared differences to `target`, divided by `normalizer`, as a scalar; no
  /// gradient flows to the target.
  ///
  /// - Precondition: both have one shape.
  public func meanSquaredError(to target: Tensor, normalizer: Float) -> Tensor {
    SquaredError(target: target.detached, normalizer: normalizer)(self)
  }
}
