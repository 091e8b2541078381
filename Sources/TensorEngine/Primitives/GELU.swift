import Kernels

/// The Gaussian error linear unit (arXiv 1606.08415), by its hyperbolic-tangent formula or exactly.
struct GELU: Primitive {
  /// Whether the tanh formula ("gelu_new") is meant, or the error function.
  let isApproximate: Bool

  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let count = x.scalarCount
    let value = Tensor.filled(x.shape) {
      isApproximate ? dept_gelu_tanh(count, x.pointer, $0) : dept_gelu_erf(count, x.pointer, $0)
    }
    return Evaluation(value) { gradient in
      [
        .filled(x.shape) {
          if isApproximate {
            dept_gelu_tanh_pull(count, x.pointer, gradient.pointer, $0)
          } else {
            dept_gelu_erf_pull(count, x.pointer, gradient.pointer, $0)
          }
        }
      ]
    }
  }
}

extension Tensor {
  /// The Gaussian error linear unit (arXiv 1606.08415); `approximate` picks the tanh formula.
  public func gelu(approximate: Bool) -> Tensor { GELU(isApproximate: approximate)(self) }
}
