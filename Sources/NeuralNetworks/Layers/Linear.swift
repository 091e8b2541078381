public import TensorEngine

/// `y = x Wᵀ`: `x` is `[rows, input]`, `W` `[output, input]`, `y` `[rows, output]`.
public struct Linear: Sendable {
  public let site: Site<Call>
  public let weight: FrozenWeight

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    forward.call(site, x) { $0.matmul(forward.weight(weight), transposingRHS: true) }
  }

  /// The weight, where nothing wraps the layer and nothing trains it; `nil` elsewhere.
  public func bareWeight(_ forward: Forward) -> Tensor? {
    guard forward.isBare(site) else { return nil }
    let weight = forward.weight(weight)
    return weight.isConstant ? weight : nil
  }

  /// `residual + dropout(x Wᵀ)`, in one pass where nothing acts on the layer.
  public func callAsFunction(
    _ x: Tensor, addedTo residual: Tensor, dropping path: SitePath, _ forward: Forward
  ) -> Tensor {
    guard let weight = bareWeight(forward) else {
      return residual + forward.dropped(self(x, forward), path, "output")
    }
    return residual.adding(
      projectionOf: x, by: weight, dropout: forward.dropout,
      key: forward.dropoutKey(path, "output"))
  }
}
