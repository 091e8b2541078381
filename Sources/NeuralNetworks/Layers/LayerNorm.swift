public import TensorEngine

/// Normalisation of rows by mean and variance with a learnt weight and bias, each `[width]`
/// (arXiv 1607.06450).
public struct LayerNorm: Sendable {
  public let site: Site<Call>
  public let weight: FrozenWeight
  public let bias: FrozenWeight
  public let epsilon: Float

  public func callAsFunction(_ x: Tensor, _ forward: Forward) -> Tensor {
    forward.call(site, x) {
      $0.layerNorm(
        weight: forward.weight(weight), bias: forward.weight(bias), epsilon: epsilon)
    }
  }
}

extension Blueprint {
  /// Declares a normalisation of rows by mean and variance, which methods may wrap.
  ///
  /// - Parameters:
  ///   - bias: the part that the bias is.
  ///   - name: the checkpoint's, without `.weight` and `.bias`.
  /// - Throws: what the source throws for a missing tensor or a wrong shape.
  public mutating func layerNorm(
    _ path: SitePath, bias: SitePath.Part, _ name: String, _ width: Int, epsilon: Float
  ) throws -> LayerNorm {
    let weight = try weight(path, "\(name).weight", [width])
    let bias = try self.weight(
      SitePath(path.stack, path.layer, bias), "\(name).bias", [width])
    return LayerNorm(
      site: call(path, width, width), weight: weight, bias: bias, epsilon: epsilon)
  }
}
