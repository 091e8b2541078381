public import TensorEngine

extension Parameters {
  /// The Euclidean norm over all tensors together, accumulated in double precision.
  public var globalNorm: Double {
    names.reduce(0) { $0 + self[$1].sumOfSquares() }.squareRoot()
  }

  /// The factor that brings the global norm down to `limit`, as PyTorch's `clip_grad_norm_`
  /// computes it; 1 where it is smaller already, or where `limit` is 0.
  public func clippingFactor(_ limit: Double) -> (factor: Float, norm: Double) {
    let norm = globalNorm
    guard limit > 0 else { return (1, norm) }
    return (Float(min(1, limit / (norm + 1e-6))), norm)
  }
}
