public import NeuralNetworks

extension SiteSelector {
  /// Weights and biases of every normalisation.
  public static let norms = SiteSelector.parts(
    .attentionNorm, .crossAttentionNorm, .feedForwardNorm, .finalNorm, .attentionNormBias,
    .feedForwardNormBias, .finalNormBias)

  /// Every bias of the backbone's own.
  public static let biases = SiteSelector.parts(
    .queryBias, .keyBias, .valueBias, .outputBias, .upBias, .downBias, .attentionNormBias,
    .feedForwardNormBias, .finalNormBias)

  /// The self-attention and the feed-forward sublayer of every block.
  public static let sublayers = SiteSelector.parts(.attention, .feedForward)
}
