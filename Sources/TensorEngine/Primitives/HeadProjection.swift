import Kernels

/// Each head's product with its own rows of a constant weight `[heads · headWidth, width]`:
/// `[rows, heads · headWidth]` → `[rows · heads, width]`, or the other way by the transposed rows.
struct HeadProjection: Primitive {
  let headCount: Int
  let isExpanding: Bool

  func shape(of operands: [Shape]) -> Shape {
    let (x, weight) = (operands[0], operands[1])
    precondition(
      x.count == 2 && weight.count == 2 && weight[0] % headCount == 0
        && (isExpanding ? x[1] == weight[0] : x[1] == weight[1] && x[0] % headCount == 0),
      "the product of \(x) and \(weight) by \(headCount) heads")
    return isExpanding
      ? [x[0] * headCount, weight[1]] : [x[0] / headCount, weight[0]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let weight = operands[1]
    precondition(!needs[1], "the weight of a head projection is constant")
    return Evaluation(product(operands[0], weight, isExpanding)) { gradient in
      [needs[0] ? product(gradient, weight, !isExpanding) : nil, nil]
    }
  }

  private func product(_ x: Tensor, _ weight: Tensor, _ isExpanding: Bool) -> Tensor {
    var product = dept_head_product()
    product.rows = isExpanding ? x.shape[0] : x.shape[0] / headCount
    product.heads = headCount
    product.head_width = weight.shape[0] / headCount
    product.width = weight.shape[1]
    (product.weight, product.element, product.exponent) = weight.operand
    let shape =
      isExpanding
      ? [x.shape[0] * headCount, weight.shape[1]]
      : [x.shape[0] / headCount, weight.shape[0]]
    return .filled(shape) {
      isExpanding
        ? dept_expand_heads(&product, x.pointer, $0) : dept_collapse_heads(&product, x.pointer, $0)
    }
  }
}

extension Tensor {
  /// Each head's columns times its rows of the weight: `self` is `[rows, heads · headWidth]`, the
  /// weight `[heads · headWidth, width]`, the result `[rows · heads, width]`.
  ///
  /// - Precondition: the weight is constant.
  public func expandingHeads(_ headCount: Int, by weight: Tensor) -> Tensor {
    HeadProjection(headCount: headCount, isExpanding: true)(self, weight)
  }

  /// The way back: each head's row times its transposed rows of the weight: `self` is
  /// `[rows · heads, width]`, the result `[rows, heads · headWidth]`.
  ///
  /// - Precondition: the weight is constant.
  public func collapsingHeads(_ headCount: Int, by weight: Tensor) -> Tensor {
    HeadProjection(headCount: headCount, isExpanding: false)(self, weight)
  }
}
