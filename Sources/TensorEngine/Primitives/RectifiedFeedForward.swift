import Kernels

/// `residual + dropout(dropout(max(x W₁ᵀ, 0)) W₂ᵀ)` with constant weights: what lies between the
/// two products is seen by nobody else. Backward keeps one bit of each of its elements.
struct RectifiedFeedForward: Primitive {
  let dropout: Float
  let hiddenKey: RandomKey
  let outputKey: RandomKey

  func shape(of operands: [Shape]) -> Shape {
    let (residual, x, up, down) = (operands[0], operands[1], operands[2], operands[3])
    precondition(
      x.count == 2 && up.count == 2 && down.count == 2 && x[1] == up[1] && up[0] == down[1]
        && residual == [x[0], down[0]],
      "adding a feed-forward network of \(up) and \(down) over \(x) to \(residual)")
    return residual
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (residual, x, up, down) = (operands[0], operands[1], operands[2], operands[3])
    precondition(!needs[2] && !needs[3], "the weights of a fused network are constant")
    let (rows, width) = (x.shape[0], up.shape[0])
    // One 16-bit word for 16 elements of a row.
    let bits = needs[1] ? Storage(count: (rows * ((width + 15) / 16) + 1) / 2) : nil
    let hidden = RowsBetweenProducts(
      rows, width, isRounded: RowsBetweenProducts.areRounded(beside: down, depth: up.shape[1]))
    var first = dept_product(projecting: x, by: up, into: hidden)
    first.epilogue = DEPT_RELU
    (first.dropout, first.key) = (dropout, hiddenKey.value)
    if let bits {
      bits.withHalves {
        first.bits = $0
        dept_multiply_matrices(&first)
      }
    } else {
      dept_multiply_matrices(&first)
    }
    let value = Tensor.filled(residual.shape) {
      var second = dept_product(projecting: hidden, by: down, into: $0)
      second.add(to: residual, dropping: dropout, outputKey)
      dept_multiply_matrices(&second)
    }
    let shape = x.shape
    return Evaluation(value) { gradient in
      [
        needs[0] ? gradient : nil, bits.map { self.pulled(gradient, shape, up, down, $0) },
        nil, nil,
      ]
    }
  }

  /// The gradient of `x`.
  private func pulled(
    _ gradient: Tensor, _ shape: Shape, _ up: Tensor, _ down: Tensor, _ bits: Storage
  ) -> Tensor {
    let hidden = RowsBetweenProducts(
      shape[0], up.shape[0],
      isRounded: RowsBetweenProducts.areRounded(beside: up, depth: down.shape[0]))
    var second = dept_product(pulling: gradient, by: down, into: hidden)
    second.pull(through: dropout, outputKey)
    dept_multiply_matrices(&second)
    return .filled(shape) {
      var first = dept_product(pulling: hidden, by: up, into: $0)
      first.edit = DEPT_EDIT_BITS
      first.edit_dropout = dropout
      bits.withHalves {
        first.edit_bits = UnsafePointer($0)
        dept_multiply_matrices(&first)
      }
    }
  }
}

extension Tensor {
  /// `self + dropout(dropout(max(x W₁ᵀ, 0)) W₂ᵀ)`: `self` is `[rows, output]`, `x` `[rows, input]`,
  /// `up` `[hidden, input]` and `down` `[output, hidden]`.
  ///
  /// - Precondition: the weights are constant, and `0 ≤ dropout < 1`.
  public func addingRectifiedFeedForward(
    of x: Tensor, up: Tensor, down: Tensor, dropout: Float, hiddenKey: RandomKey,
    outputKey: RandomKey
  ) -> Tensor {
    RectifiedFeedForward(dropout: dropout, hiddenKey: hiddenKey, outputKey: outputKey)(
      self, x, up, down)
  }
}
