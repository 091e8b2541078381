public import TensorEngine

/// `y = x Wᵀ`: `x` is `[rows, input]`, `W` `[output, input]`, `y` `[rows, output]`.
public struct Linear: Sendable {
  public let site: Site<Call>
  public let weight: FrozenWeight

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    forward.call(site, x) { $0.matmul(forward.weight(weight), transposingRHS: true) }
  }
}
