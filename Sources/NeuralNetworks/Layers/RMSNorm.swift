public import TensorEngine

/// Root-mean-square normalisation of rows with a learnt weight `[width]` (arXiv 1910.07467).
public struct RMSNorm: Sendable {
  public let weight: FrozenWeight
  public let epsilon: Float

  public init(weight: FrozenWeight, epsilon: Float) {
    self.weight = weight
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    x.rmsNorm(weight: forward.weight(weight), epsilon: epsilon)
  }
}
