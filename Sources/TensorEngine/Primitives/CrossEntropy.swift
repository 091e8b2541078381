import Kernels

/// `Σ_i (log Σ_j exp(logits[i, j]) − logits[i, target[i]]) / normalizer`.
struct CrossEntropy: Primitive {
  let targets: [Int32]
  let normalizer: Float

  func shape(of operands: [Shape]) -> Shape {
    let logits = operands[0]
    precondition(
      logits.count == 2 && logits[0] == targets.count,
      "cross-entropy of \(logits) with \(targets.count) targets")
    precondition(
      targets.allSatisfy { $0 >= 0 && Int($0) < logits[1] },
      "a target is outside a vocabulary of \(logits[1])")
    return []
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let logits = operands[0]
    let (rows, width) = (logits.rows, logits.width)
    let logSum = logits.logSumExp()
    var total = 0.0
    for row in 0..<rows {
      total += Double(logSum.pointer[row] - logits.pointer[row * width + Int(targets[row])])
    }
    return Evaluation(Tensor(Float(total / Double(normalizer)))) { gradient in
      [
        .filled(logits.shape) {
          dept_cross_entropy_pull(
            rows, width, gradient.scalar / normalizer, logits.pointer, logSum.pointer, targets, $0)
        }
      ]
    }
  }
}

extension Tensor {
  /// The summed cross-entropy of logits `[tokens, vocabulary]` against target ids, in nats, divided
  /// by `normalizer`: the number of target tokens of the whole batch, of which this may be a part.
  public func crossEntropy(_ targets: [Int32], normalizer: Float) -> Tensor {
    TensorEngine.CrossEntropy(targets: targets, normalizer: normalizer)(self)
  }

  /// `log Σ_j exp(x[i, j])` of each row: `[rows, width]` → `[rows]`, without history.
  public func logSumExp() -> Tensor {
    .filled([rows]) { dept_log_sum_exp(rows, width, pointer, $0) }
  }
}
