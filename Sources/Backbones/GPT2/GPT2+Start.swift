public import TensorEngine

extension GPT2 {
  /// The architecture alone: sites and shapes, no weights.
  ///
  /// - Throws: never in practice; the signature follows the initializer.
  public static func described(_ configuration: GPT2Configuration) throws -> GPT2 {
    try GPT2(configuration) { _, shape in .described(shape) }
  }

  /// The architecture with random weights, drawn as transformers draws them: a deviation of 0.02,
  /// less for what is added to the residual stream, and biases of 0.
  public static func random(
    _ configuration: GPT2Configuration, key: RandomKey, storing dtype: DType = .float32
  ) throws -> GPT2 {
    let residual = 0.02 / Float(2 * configuration.layerCount).squareRoot()
    return try GPT2(
      configuration,
      source: storing(dtype) { name, shape in
        guard shape.count == 2 else {
          return name.hasSuffix(".bias") || name.contains(".bias[") ? .zeros(shape) : .ones(shape)
        }
        let deviation = name.hasSuffix(".c_proj.weight") ? residual : 0.02
        return .normal(shape, deviation: deviation, key: key.folding(name))
      })
  }
}
