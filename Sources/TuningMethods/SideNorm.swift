import NeuralNetworks
import TensorEngine

/// A trained norm of rows, of the backbone's kind: a weight `[width]`, and a bias `[width]` where
/// the backbone's norms have one.
struct SideNorm: Sendable {
  private let weight: Parameter
  private let bias: Parameter?
  private let epsilon: Float

  /// - Parameter part: the norm of the backbone it starts from, pruned.
  init(
    _ name: String, _ pruning: Pruning, _ dimensions: Anatomy.Dimensions,
    from part: SitePath.Part, at site: Site<Call>, into adaptation: inout Adaptation
  ) {
    let place = site.path
    func path(_ part: SitePath.Part) -> SitePath { SitePath(place.stack, place.layer, part) }
    epsilon = dimensions.epsilon
    weight = adaptation.parameter(name, [pruning.width], pruning.row(path(part)), at: site)
    let bias = SitePath.Part(rawValue: "\(part.rawValue)-bias")
    self.bias =
      dimensions.normalization == .layer
      ? adaptation.parameter(
        "\(name).bias", [pruning.width], bias.map { pruning.row(path($0)) } ?? .zeros, at: site)
      : nil
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard let bias else { return x.rmsNorm(weight: pass[weight], epsilon: epsilon) }
    return x.layerNorm(weight: pass[weight], bias: pass[bias], epsilon: epsilon)
  }
}
