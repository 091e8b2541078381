import Kernels

/// The product of two matrices, either of which may be read transposed.
struct MatMul: Primitive {
  var transposingLHS = false
  var transposingRHS = false

  func shape(of operands: [Shape]) -> Shape {
    let (a, b) = (operands[0], operands[1])
    precondition(a.count == 2 && b.count == 2, "matmul takes matrices, not \(a) and \(b)")
    let (m, k) = transposingLHS ? (a[1], a[0]) : (a[0], a[1])
    let (inner, n) = transposingRHS ? (b[1], b[0]) : (b[0], b[1])
    precondition(k == inner, "matmul: the inner extents of \(a) and \(b) differ")
    return [m, n]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (a, b) = (operands[0], operands[1])
    precondition(
      !(transposingLHS && needs[0] && b.dtype == .bfloat16),
      "matmul: no gradient flows past a bfloat16 matrix to a transposed one")
    // The gradient of one operand needs the other, and only then is the other kept.
    let keptA = needs[1] ? a : nil
    let keptB = needs[0] ? b : nil
    return Evaluation(product(a, b)) { gradient in
      [
        keptB.map { b in
          transposingLHS
            ? Self.multiply(b, gradient, transposingRHS, true)
            : Self.multiply(gradient, b, false, !transposingRHS)
        },
        keptA.map { a in
          transposingRHS
            ? Self.multiply(gradient, a, true, transposingLHS)
            : Self.multiply(a, gradient, !transposingLHS, false)
        },
      ]
    }
  }

  private func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    Self.multiply(a, b, transposingLHS, transposingRHS)
  }

  private static func multiply(
    _ a: Tensor, _ b: Tensor, _ transposingLHS: Bool, _ transposingRHS: Bool
  ) -> Tensor {
    let k = transposingLHS ? a.shape[0] : a.shape[1]
    let m = transposingLHS ? a.shape[1] : a.shape[0]
    let n = transposingRHS ? b.shape[0] : b.shape[1]
    let right = b.operand
    return .filled([m, n]) { c in
      var product = dept_product()
      product.transpose_a = transposingLHS
      product.transpose_b = transposingRHS
      (product.m, product.n, product.k) = (m, n, k)
      product.a = a.pointer
      (product.b, product.b_element, product.b_exponent) = right
      product.rounding = b.dtype == .bfloat16
      product.c = c
      dept_multiply_matrices(&product)
    }
  }
}

extension Tensor {
  /// The matrix product.
  ///
  /// - Parameters:
  ///   - rhs: `[k, n]`, or `[n, k]` when `transposingRHS`.
  ///   - transposingLHS: whether `self` is `[k, m]`.
  /// - Returns: `[m, n]`, where `self` is `[m, k]`.
  /// - Precondition: both are matrices, the inner extents agree, and no bfloat16 matrix
  ///   multiplies a transposed one that leads to a parameter.
  /// - Complexity: O(*m n k*).
  public func matmul(
    _ rhs: Tensor, transposingLHS: Bool = false, transposingRHS: Bool = false
  ) -> Tensor {
    MatMul(transposingLHS: transposingLHS, transposingRHS: transposingRHS)(self, rhs)
  }

  /// The outer product `[m] ⊗ [n]` → `[m, n]`: a matrix product of a column and a row.
  ///
  /// - Precondition: both have one axis.
  public func outer(_ row: Tensor) -> Tensor {
    precondition(
      shape.count == 1 && row.shape.count == 1, "the outer product of \(shape) and \(row.shape)")
    return reshaped([shape[0], 1]).matmul(row.reshaped([1, row.shape[0]]))
  }
}
