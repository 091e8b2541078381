import Kernels

/// `dropout(max(x Wᵀ, 0))` with a constant weight, in one pass; backward keeps one bit an element.
struct ProjectionReLU: Primitive {
  let dropout: Float
  let key: RandomKey

  func shape(of operands: [Shape]) -> Shape {
    let (x, weight) = (operands[0], operands[1])
    precondition(
      x.count == 2 && weight.count == 2 && x[1] == weight[1],
      "the product of \(x) and \(weight)")
    return [x[0], weight[0]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, weight) = (operands[0], operands[1])
    precondition(!needs[1], "the weight of a fused projection is constant")
    let (rows, width) = (x.shape[0], weight.shape[0])
    // One 16-bit word for 16 elements of a row.
    let bits = needs.any ? Storage(count: (rows * ((width + 15) / 16) + 1) / 2) : nil
    let value = Tensor.filled([rows, width]) { c in
      var product = dept_product(projecting: x, by: weight, into: c)
      product.epilogue = DEPT_RELU
      (product.dropout, product.key) = (dropout, key.value)
      guard let bits else { return dept_multiply_matrices(&product) }
      bits.withHalves {
        product.bits = $0
        dept_multiply_matrices(&product)
      }
    }
    guard let bits else { return Evaluation(value, pullback: nil) }
    return Evaluation(value) { gradient in
      [
        .filled([rows, weight.shape[1]]) { c in
          var product = dept_product(pulling: gradient, by: weight, into: c)
          product.edit = DEPT_EDIT_BITS
          product.edit_dropout = dropout
          bits.withHalves {
            product.edit_bits = UnsafePointer($0)
            dept_multiply_matrices(&product)
          }
        }, nil,
      ]
    }
  }
}

extension Tensor {
  /// `dropout(max(self Wᵀ, 0))`, in one pass: `self` is `[rows, input]`, the weight
  /// `[output, input]`.
  ///
  /// - Precondition: the weight is constant, and `0 ≤ dropout < 1`.
  public func rectifiedProjection(by weight: Tensor, dropout: Float, key: RandomKey) -> Tensor {
    ProjectionReLU(dropout: dropout, key: key)(self, weight)
  }
}
