public import TensorEngine

/// A tensor of the backbone and the site under which methods know it.
public struct FrozenWeight: Sendable {
  public let site: Site<Weight>
  public let value: Tensor
}
