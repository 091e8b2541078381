import Kernels

/// Dropout with a counter-based mask: recomputed in backward, never stored.
struct Dropout: Primitive {
  let probability: Float
  let key: RandomKey

  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    Evaluation(masked(operands[0])) { [masked($0)] }
  }

  private func masked(_ x: Tensor) -> Tensor {
    .filled(x.shape) { dept_dropout(x.rows, x.width, probability, key.value, x.pointer, $0) }
  }
}

extension Tensor {
  /// Zeroes elements with the given probability and scales the others by `1/(1 − probability)`.
  ///
  /// - Precondition: `0 ≤ probability < 1`.
  public func dropout(_ probability: Float, key: RandomKey) -> Tensor {
    precondition((0..<1).contains(probability), "a dropout probability of \(probability)")
    return probability == 0 ? self : TensorEngine.Dropout(probability: probability, key: key)(self)
  }
}
