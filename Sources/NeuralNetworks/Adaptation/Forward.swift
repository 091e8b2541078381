public import TensorEngine

/// The environment of one forward pass: an adaptation, the current parameters, and the randomness.
public struct Forward: Sendable {
  private let adaptation: Adaptation
  private let parameters: Parameters
  /// The dropout probability; 0 outside training.
  public let dropout: Float
  private let key: RandomKey

  /// - Parameter key: differs from step to step while dropout is on.
  public init(
    _ adaptation: Adaptation, _ parameters: Parameters, dropout: Float = 0,
    key: RandomKey = RandomKey(seed: 0)
  ) {
    self.adaptation = adaptation
    self.parameters = parameters
    self.dropout = dropout
    self.key = key
  }

  /// A pass through the backbone as it is.
  public static var frozen: Forward { Forward(Adaptation(), Parameters()) }

  /// A frozen tensor as this pass sees it.
  public func weight(_ weight: FrozenWeight) -> Tensor {
    adaptation.apply(weight.site, weight.value, parameters)
  }

  /// A call, wrapped by what acts at its site.
  public func call(_ site: Site<Call>, _ x: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
    adaptation.apply(site, x, parameters, body)
  }

  /// Whether nothing wraps a call, so that it may be fused with its neighbours.
  public func isBare(_ site: Site<Call>) -> Bool { !adaptation.acts(at: site) }

  /// An embedded input after all edits.
  public func input(_ site: Site<Embedding>, _ input: EmbeddedInput) -> EmbeddedInput {
    adaptation.apply(site, input, parameters)
  }

  /// `x` with dropout at a named place; the same pass and place give the same mask.
  public func dropped(_ x: Tensor, _ path: SitePath, _ place: String) -> Tensor {
    dropout == 0 ? x : x.dropout(dropout, key: dropoutKey(path, place))
  }

  /// The key of the mask at a named place.
  public func dropoutKey(_ path: SitePath, _ place: String) -> RandomKey {
    dropout == 0 ? key : key.folding(path.description).folding(place)
  }
}
