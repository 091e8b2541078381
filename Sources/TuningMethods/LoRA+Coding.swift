import NeuralNetworks

extension LoRA {
  private enum CodingKeys: String, CodingKey { case rank, alpha, dropout, targets }

  /// Leaves out a dropout of zero: runs from before there was another stay what they are.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rank, forKey: .rank)
    try container.encode(alpha, forKey: .alpha)
    if dropout != 0 { try container.encode(dropout, forKey: .dropout) }
    try container.encode(targets, forKey: .targets)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rank: try container.decode(Int.self, forKey: .rank),
      alpha: try container.decode(Float.self, forKey: .alpha),
      dropout: try container.decodeIfPresent(Float.self, forKey: .dropout) ?? 0,
      targets: try container.decode(SiteSelector.self, forKey: .targets))
  }
}
