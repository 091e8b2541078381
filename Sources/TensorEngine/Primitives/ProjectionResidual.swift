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
      product.epilogue = DEPT_RESIDUAL
      product.residual = residual.pointer
      (product.dropout, product.key) = (dropout, key.value)
      dept_multiply_matrices(&product)
    }
    return Evaluation(value) { gradient in
      [
        needs[0] ? gradient : nil,
        needs[1]
          ? .filled([gradient.shape[0], weight.shape[1]]) { c in
            var product = dept_product(pulling: gradient, by: weight, into: c)
            if dropout > 0 {
              product.edit = DEPT_EDIT_DROPOUT
              (product.edit_dropout, product.edit_key) = (dropout, key.value)
            }
            dept_multiply_matrices(&product)
          } : nil, nil,
      ]
    }
  }
}

extension dept_product {
  /// `x Wᵀ` for a weight `[output, input]`.
  init(projecting x: Tensor, by weight: Tensor, into c: UnsafeMutablePointer<Float>) {
    self.init()
    transpose_b = true
    (m, n, k) = (x.shape[0], weight.shape[0], weight.shape[1])
    a = x.pointer
    (b, b_element, b_exponent) = weight.operand
    rounding = weight.dtype == .bfloat16
    self.c = c
  }

  /// `gradient W` for a weight `[output, input]`: the gradient of `x` in `x Wᵀ`.
  init(pulling gradient: Tensor, by weight: Tensor, into c: UnsafeMutablePointer<Float>) {
    self.init()
    (m, n, k) = (gradient.shape[0], weight.shape[1], weight.shape[0])
    a = gradient.pointer
    (b, b_element, b_exponent) = weight.operand
    rounding = weight.dtype == .bfloat16
    self.c = c
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
