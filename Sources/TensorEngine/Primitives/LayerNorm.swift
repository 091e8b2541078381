import Kernels

/// Layer normalisation of rows (arXiv 1607.06450): `(x − mean) / √(variance + ε) · weight + bias`.
struct LayerNorm: Primitive {
  let epsilon: Float

  func shape(of operands: [Shape]) -> Shape {
    let (x, weight, bias) = (operands[0], operands[1], operands[2])
    precondition(
      weight == [x.last ?? 1] && bias == weight, "layerNorm: \(x) with \(weight) and \(bias)")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, weight, bias) = (operands[0], operands[1], operands[2])
    let (rows, width) = (x.rows, x.width)
    let (mean, rstd) = (Storage(count: rows), Storage(count: rows))
    let value = Tensor.filled(x.shape) {
      dept_layer_norm(
        rows, width, epsilon, x.pointer, weight.pointer, bias.pointer, $0, mean.pointer,
        rstd.pointer)
    }
    return Evaluation(value) { gradient in
      let dx = needs[0] ? Storage(count: rows * width) : nil
      let wantsWeights = needs[1] || needs[2]
      let dweight = wantsWeights ? Storage(count: width) : nil
      let dbias = wantsWeights ? Storage(count: width) : nil
      dept_layer_norm_pull(
        rows, width, x.pointer, weight.pointer, mean.pointer, rstd.pointer, gradient.pointer,
        dx?.pointer, dweight?.pointer, dbias?.pointer)
      return [
        dx.map { Tensor(shape: x.shape, storage: $0) },
        needs[1] ? dweight.map { Tensor(shape: [width], storage: $0) } : nil,
        needs[2] ? dbias.map { Tensor(shape: [width], storage: $0) } : nil,
      ]
    }
  }
}

extension Tensor {
  /// Layer normalisation of rows (arXiv 1607.06450); `weight` and `bias` are `[width]`.
  public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
    TensorEngine.LayerNorm(epsilon: epsilon)(self, weight, bias)
  }
}
