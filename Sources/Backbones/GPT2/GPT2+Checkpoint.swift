import Checkpoints
package import NeuralNetworks
package import TensorEngine

extension GPT2 {
  /// The model of a checkpoint: matrices are transposed, and those that hold queries, keys and
  /// values side by side are divided.
  ///
  /// - Throws: `CheckpointError` for a missing tensor or a wrong shape.
  init(_ configuration: GPT2Configuration, _ checkpoint: Checkpoint, storing dtype: DType) throws {
    let prefix = "transformer."
    let isPrefixed = checkpoint.entry(named: "wte.weight") == nil
    try self.init(
      configuration,
      source: Self.storing(dtype) { name, shape in
        try Self.tensor(name, shape) { stored, shape in
          let name = isPrefixed ? stored : String(stored.trimmingPrefix(prefix))
          return try checkpoint.tensor(named: name, shape: shape)
        }
      })
  }

  /// A source whose matrices are kept as `dtype`. Norms, biases and positions, which are small and
  /// add up in float32, stay as they are.
  package static func storing(
    _ dtype: DType, _ source: @escaping Blueprint.WeightSource
  ) -> Blueprint.WeightSource {
    MatrixStorage.source(dtype, keeping: { $0 == "transformer.wpe.weight" }, source)
  }

  /// A tensor by the name that the model gives it, made of what is stored: `[input, output]` where
  /// the model has `[output, input]`, and thirds of `c_attn` next to each other.
  static func tensor(
    _ name: String, _ shape: Shape, stored: Blueprint.WeightSource
  ) throws -> Tensor {
    let third = ["[query]", "[key]", "[value]"].firstIndex(where: name.hasSuffix)
    let parts = third == nil ? 1 : 3
    let file = String(name.prefix { $0 != "[" })
    guard file.contains(".c_") else { return try stored(file, shape) }
    guard shape.count == 2 else {
      let bias = try stored(file, [parts * shape[0]])
      guard let third else { return bias }
      return bias.reshaped([parts, shape[0]]).rows(third..<third + 1).reshaped(shape)
    }
    let matrix = try stored(file, [shape[1], parts * shape[0]])
    defer { matrix.forgetPages() }
    return matrix.transposed(columns: (third ?? 0) * shape[0], count: shape[0])
  }
}

extension Tensor {
  /// Some columns as rows: `[rows, width]` → `[count, rows]`, without history.
  fileprivate func transposed(columns first: Int, count: Int) -> Tensor {
    let (rows, width) = (shape[0], shape[1])
    let source = pointer
    // Squares that a core's nearest cache holds on both sides.
    let edge = 32
    return .filled([count, rows]) { out in
      for top in stride(from: 0, to: rows, by: edge) {
        for left in stride(from: 0, to: count, by: edge) {
          for column in left..<min(left + edge, count) {
            for row in top..<min(top + edge, rows) {
              out[column * rows + row] = source[row * width + first + column]
            }
          }
        }
      }
    }
  }
}
