public import TensorEngine

extension T5 {
  /// The architecture alone: sites and shapes, no weights.
  ///
  /// - Throws: never in practice; the signature follows the initializer.
  public static func described(_ configuration: T5Configuration) throws -> T5 {
    try T5(configuration) { _, shape in .described(shape) }
  }

  /// The architecture with random weights, drawn as transformers draws them, for benchmarks and
  /// pretraining.
  public static func random(
    _ configuration: T5Configuration, key: RandomKey, storing dtype: DType = .float32
  ) throws -> T5 {
    try T5(
      configuration,
      source: storing(dtype) { name, shape in
        if name.hasSuffix("norm.weight") { return .ones(shape) }
        return .normal(shape, deviation: deviation(name, configuration), key: key.folding(name))
      })
  }

  /// Random weights that pretrain faster than transformers' on little text: an encoder query finds
  /// keys like itself from the start (mimetic initialisation, arXiv 2305.09828), and half of the
  /// heads begin by looking away from their own position.
  public static func forPretraining(_ configuration: T5Configuration, key: RandomKey) throws -> T5 {
    let plain = try random(configuration, key: key)
    let weights = Dictionary(
      uniqueKeysWithValues: plain.weights.compactMap { path, weight in
        plain.checkpointNames[path].map { ($0, weight) }
      })
    return try T5(configuration) { name, shape in
      guard name.hasPrefix("encoder."), let weight = weights[name] else {
        return weights[name] ?? .zeros(shape)
      }
      if name.hasSuffix("SelfAttention.k.weight"),
        let query = weights[name.replacing(".k.weight", with: ".q.weight")]
      {
        return Float(configuration.headWidth).squareRoot() * query
      }
      if name.hasSuffix("relative_attention_bias.weight") {
        // Row 0 is the bucket of distance 0.
        let offset = (0..<shape[0] * shape[1]).map { $0 < shape[1] / 2 ? Float(-5) : 0 }
        return weight + Tensor(offset, shape: shape)
      }
      return weight
    }
  }

  private static func deviation(_ name: String, _ configuration: T5Configuration) -> Float {
    let (width, inner) = (Float(configuration.width), Float(configuration.innerWidth))
    let attention = Float(configuration.headCount * configuration.headWidth)
    if name.hasSuffix(".q.weight") {
      return 1 / (width * Float(configuration.headWidth)).squareRoot()
    }
    if name.hasSuffix(".o.weight") { return 1 / attention.squareRoot() }
    if name.hasSuffix(".wo.weight") { return 1 / inner.squareRoot() }
    if name == "shared.weight" || name == "lm_head.weight" { return 1 }
    return 1 / width.squareRoot()
  }
}
