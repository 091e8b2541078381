import Kernels

/// The sigmoid-weighted linear unit `x / (1 + exp(−x))` (arXiv 1702.03118).
struct SiLU: Primitive {
  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let value = Tensor.filled(x.shape) { dept_silu(x.scalarCount, x.pointer, $0) }
    return Evaluation(value) { gradient in
      [.filled(x.shape) { dept_silu_pull(x.scalarCount, x.pointer, gradient.pointer, $0) }]
    }
  }
}

extension Tensor {
  /// The sigmoid-weighted linear unit `x / (1 + exp(−x))` (arXiv 1702.03118), elementwise.
  public func silu() -> Tensor { SiLU()(self) }
}
