import NeuralNetworks
import TensorEngine

extension T5 {
  /// A source whose matrices are kept as `dtype`. Norms and position tables, which are small and
  /// add up in float32, stay as they are.
  static func storing(
    _ dtype: DType, _ source: @escaping Blueprint.WeightSource
  ) -> Blueprint.WeightSource {
    guard dtype == .bfloat16 else { return source }
    return { name, shape in
      let tensor = try source(name, shape)
      guard shape.count == 2, !name.hasSuffix("relative_attention_bias.weight") else {
        // A copy, so that nothing holds on to the file.
        return tensor.copied()
      }
      defer { tensor.forgetPages() }
      return tensor.roundedToBFloat16()
    }
  }
}
