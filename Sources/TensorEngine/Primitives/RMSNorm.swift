import Kernels

/// Root-mean-square normalisation of rows (arXiv 1910.07467): `x · weight / √(mean(x²) + ε)`.
struct RMSNorm: Primitive {
  let epsilon: Float

  func shape(of operands: [Shape]) -> Shape {
    let (x, weight) = (operands[0], operands[1])
    precondition(weight == [x.last ?? 1], "rmsNorm: \(x) has no weight of shape \(weight)")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, weight) = (operands[0], operands[1])
    let (rows, width) = (x.rows, x.width)
    let rstd = Storage(count: rows)
    let value = Tensor.filled(x.shape) {
      dept_rms_norm(rows, width, epsilon, x.pointer, weight.pointer, $0, rstd.pointer)
    }
    return Evaluation(value) { gradient in
      let dx = needs[0] ? Storage(count: rows * width) : nil
      let dweight = needs[1] ? Storage(count: width) : nil
      dept_rms_norm_pull(
        rows, width, x.pointer, weight.pointer, rstd.pointer, gradient.pointer, dx?.pointer,
        dweight?.pointer)
      return [
        dx.map { Tensor(shape: x.shape, storage: $0) },
        dweight.map { Tensor(shape: [width], storage: $0) },
      ]
    }
  }
}

extension Tensor {
  /// Root-mean-square normalisation of rows (arXiv 1910.07467); `weight` is `[width]`.
  public func rmsNorm(weight: Tensor, epsilon: Float) -> Tensor {
    TensorEngine.RMSNorm(epsilon: epsilon)(self, weight)
  }
}
