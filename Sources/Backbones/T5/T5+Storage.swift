import NeuralNetworks
import TensorEngine

extension T5 {
  /// A source whose matrices are kept as `dtype`. Norms and position tables stay as they are.
  static func storing(
    _ dtype: DType, _ source: @escaping Blueprint.WeightSource
  ) -> Blueprint.WeightSource {
    MatrixStorage.source(
      dtype, keeping: { $0.hasSuffix("relative_attention_bias.weight") }, source)
  }
}
