public import TensorEngine

/// Root-mean-square normalisation of rows with a learnt weight `[width]` (arXiv 1910.07467).
public struct RMSNorm: Sendable {
  public let site: Site<Call>
  public let weight: FrozenWeight
  public let epsilon: Float

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    forward.call(site, x) { $0.rmsNorm(weight: forward.weight(weight), epsilon: epsilon) }
  }
}
