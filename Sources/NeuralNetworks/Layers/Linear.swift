public import TensorEngine

/// `y = x Wᵀ + b`: `x` is `[rows, input]`, `W` `[output, input]`, `b` `[output]` where there is
/// one, `y` `[rows, output]`.
public struct Linear: Sendable {
  public let site: Site<Call>
  public let weight: FrozenWeight
  public let bias: FrozenWeight?

  init(site: Site<Call>, weight: FrozenWeight, bias: FrozenWeight? = nil) {
    self.site = site
    self.weight = weight
    self.bias = bias
  }

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    forward.call(site, x) {
      let y = $0.matmul(forward.weight(weight), transposingRHS: true)
      return bias.map { y + forward.weight($0) } ?? y
    }
  }

  /// The weight, where it is the whole layer: nothing wraps it, nothing trains it, and there is no
  /// bias; `nil` elsewhere.
  public func bareWeight(_ forward: Forward) -> Tensor? {
    guard bias == nil, forward.isBare(site) else { return nil }
    let weight = forward.weight(weight)
    return weight.isConstant ? weight : nil
  }

  /// `residual + dropout(x Wᵀ + b)`, in one pass where nothing acts on the layer and there is no
  /// bias.
  public func callAsFunction(
    _ x: Tensor, addedTo residual: Tensor, dropping path: SitePath, _ forward: Forward
  ) -> Tensor {
    guard let weight = bareWeight(forward) else {
      return residual + forward.dropped(self(x, forward), path, "output")
    }
    return residual.adding(
      projectionOf: x, by: weight, dropout: forward.dropout,
      key: forward.dropoutKey(path, "output", width: site.output))
  }
}

extension Blueprint {
  /// Declares a linear layer with a bias; its weight is stored `[output, input]`.
  ///
  /// - Parameter bias: the part that the bias is, and its name in the checkpoint.
  /// - Throws: what the source throws for a missing tensor or a wrong shape.
  public mutating func linear(
    _ path: SitePath, _ name: String, _ input: Int, _ output: Int,
    bias: (part: SitePath.Part, name: String)
  ) throws -> Linear {
    let weight = try weight(path, name, [output, input])
    let added = try self.weight(
      SitePath(path.stack, path.layer, bias.part), bias.name, [output])
    return Linear(site: call(path, input, output), weight: weight, bias: added)
  }
}
