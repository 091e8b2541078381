import Kernels

/// `T² · Σ_i −Σ_j q[i, j] · log p[i, j] / normalizer`, where `p` and `q` are the softmax of logits
/// and of constant target logits over the temperature `T` (arXiv 1503.02531).
struct SoftCrossEntropy: Primitive {
  let target: Tensor
  let temperature: Float
  let normalizer: Float

  func shape(of operands: [Shape]) -> Shape {
    let logits = operands[0]
    precondition(
      logits.count == 2 && logits == target.shape && logits[1] > 0,
      "cross-entropy of \(logits) with target logits of \(target.shape)")
    precondition(
      temperature > 0 && temperature.isFinite, "a temperature of \(temperature) is not above 0")
    return []
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let logits = operands[0]
    let (rows, width, sharpness) = (logits.rows, logits.width, 1 / temperature)
    let (logSum, targetLogSum) = (Storage(count: rows), Storage(count: rows))
    let losses = Tensor.filled([rows]) {
      dept_soft_cross_entropy(
        rows, width, sharpness, logits.pointer, target.pointer, $0, logSum.pointer,
        targetLogSum.pointer)
    }
    let scale = Double(temperature) * Double(temperature) / Double(normalizer)
    let value = Tensor(Float(scale * dept_sum(rows, losses.pointer)))
    return Evaluation(value) { gradient in
      [
        .filled(logits.shape) {
          dept_soft_cross_entropy_pull(
            rows, width, sharpness, gradient.scalar * temperature / normalizer, logits.pointer,
            logSum.pointer, target.pointer, targetLogSum.pointer, $0)
        }
      ]
    }
  }
}

extension Tensor {
  /// The summed cross-entropy of logits `[tokens, vocabulary]` against the distribution of another
  /// model's, in nats, times the squared temperature, divided by `normalizer`: what a student
  /// learns from a teacher (arXiv 1503.02531). It differs from the Kullback–Leibler divergence
  /// by the teacher's entropy, which is constant.
  ///
  /// - Parameter target: the teacher's logits, `[tokens, vocabulary]`; no gradient flows to them.
  /// - Precondition: `temperature > 0` and `vocabulary > 0`.
  public func softCrossEntropy(_ target: Tensor, temperature: Float, normalizer: Float) -> Tensor {
    TensorEngine.SoftCrossEntropy(
      target: target.detached, temperature: temperature, normalizer: normalizer)(self)
  }
}
