import NeuralNetworks
import TensorEngine

/// How a backbone's matrices are kept.
enum MatrixStorage {
  /// A source whose matrices are kept as `dtype`. Vectors, and tables of which `isKept` is true of
  /// the name, which are small and add up in float32, stay as they are.
  static func source(
    _ dtype: DType, keeping isKept: @escaping (String) -> Bool,
    _ source: @escaping Blueprint.WeightSource
  ) -> Blueprint.WeightSource {
    guard dtype == .bfloat16 else { return source }
    return { name, shape in
      let tensor = try source(name, shape)
      guard shape.count == 2, !isKept(name) else {
        // A copy, so that nothing holds on to the file.
        return tensor.copied()
      }
      defer { tensor.forgetPages() }
      return tensor.roundedToBFloat16()
    }
  }
}
