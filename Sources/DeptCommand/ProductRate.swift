import TensorEngine

/// The best rate at which this process multiplies, measured on products as large as a T5-base
/// feed-forward layer's.
enum ProductRate {
  /// Operations a second, in 10⁹, of rows of float32 and a weight of the given type.
  static func gflops(_ type: DType) -> Double {
    let (rows, width, hidden) = (1424, 768, 3072)
    let key = RandomKey(seed: 1)
    let narrow = Tensor.uniform([rows, width], in: -1...1, key: key.folding("narrow"))
    let wide = Tensor.uniform([rows, hidden], in: -1...1, key: key.folding("wide"))
    let stored = Tensor.uniform([hidden, width], in: -1...1, key: key.folding("weight"))
    let weight = type == .bfloat16 ? stored.roundedToBFloat16() : stored
    let clock = ContinuousClock()
    let best = (0..<8).flatMap { _ in
      // Rows times a transposed weight, as forward has it, and times the weight, as backward has.
      [
        clock.measure { _ = narrow.matmul(weight, transposingRHS: true) },
        clock.measure { _ = wide.matmul(weight) },
      ]
    }.min()
    return 2 * Double(rows * width * hidden) / max(1e-9, (best ?? .zero) / .seconds(1)) / 1e9
  }
}
