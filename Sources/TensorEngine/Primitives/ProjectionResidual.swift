import Kernels

/// `residual + dropout(x Wᵀ)` with a constant weight, in one pass over the result.
struct ProjectionResidual: Primitive {
  let dropout: Float
  let key: RandomKey

  func shape(of operands: [Shape]) -> Shape {
    let (residual, x, weight) = (operands[0], operands[1], operands[2])
    precondition(
      x.count == 2 && weight.count == 2 && x[1] == weight[1] && residual == [x[0], weight[0]],
      "adding the product of \(x) and \(weight) to \(residual)")
    return residual
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (residual, x, weight) = (operands[0], operands[1], operands[2])
    precondition(!needs[2], "the weight of a fused projection is constant")
    let value = Tensor.filled(residual.shape) { c in
      var product = dept_product(projecting: x, by: weight, into: c)
      product.add(to: residual, dropping: dropout, key)
      dept_multiply_matrices(&product)
    }
    return Evaluation(value) { gradient in
      [
        needs[0] ? gradient : nil,
        needs[1]
          ? .filled([gradient.shape[0], weight.shape[1]]) { c in
            var product = dept_product(pulling: gradient, by: weight, into: c)
            product.pull(through: dropout, key)
            dept_multiply_matrices(&product)
          } : nil, nil,
      ]
    }
  }
}

extension Tensor {
  /// `self + dropout(x Wᵀ)`, in one pass: `self` is `[rows, output]`, `x` `[rows, input]`, the
  /// weight `[output, input]`.
  ///
  /// - Precondition: the weight is constant, and `0 ≤ dropout < 1`.
  public func adding(
    projectionOf x: Tensor, by weight: Tensor, dropout: Float, key: RandomKey
  ) -> Tensor {
    ProjectionResidual(dropout: dropout, key: key)(self, x, weight)
  }
}
