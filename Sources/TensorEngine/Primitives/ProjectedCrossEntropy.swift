import Kernels

/// The summed cross-entropy of `scale · hidden Wᵀ` against targets, divided by `normalizer`, for a
/// constant weight. Logits live for a few rows at a time, and the gradient by `hidden` is made
/// while they are there: neither logits nor probabilities are ever kept.
struct ProjectedCrossEntropy: Primitive {
  let targets: [Int32]
  let normalizer: Float
  let scale: Float

  /// Rows whose logits exist at the same time.
  private static let rowsInHand = 64

  func shape(of operands: [Shape]) -> Shape {
    let (hidden, weight) = (operands[0], operands[1])
    precondition(
      hidden.count == 2 && weight.count == 2 && hidden[1] == weight[1]
        && hidden[0] == targets.count,
      "cross-entropy of the product of \(hidden) and \(weight) with \(targets.count) targets")
    precondition(
      targets.allSatisfy { $0 >= 0 && Int($0) < weight[0] },
      "a target is outside a vocabulary of \(weight[0])")
    return []
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (hidden, weight) = (operands[0], operands[1])
    precondition(!needs[1], "the weight of a projected cross-entropy is constant")
    let (rows, width) = (hidden.shape[0], hidden.shape[1])
    let gradient = needs[0] ? Storage(count: rows * width) : nil
    var total = 0.0
    for start in stride(from: 0, to: rows, by: Self.rowsInHand) {
      let range = start..<min(start + Self.rowsInHand, rows)
      total += loss(hidden, weight, range, into: gradient.map { $0.pointer + start * width })
    }
    let value = Tensor(Float(total / Double(normalizer)))
    guard let gradient else { return Evaluation(value, pullback: nil) }
    let kept = Tensor(shape: hidden.shape, storage: gradient)
    return Evaluation(value) { [$0.scalar * kept, nil] }
  }

  /// The loss of some rows, not normalised, and the normalised gradient by their hidden states.
  private func loss(
    _ hidden: Tensor, _ weight: Tensor, _ range: Range<Int>,
    into gradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    let (count, width, vocabulary) = (range.count, hidden.shape[1], weight.shape[0])
    let first = hidden.pointer + range.lowerBound * width
    let scaled = Tensor.filled([count, width]) { dept_scale(count * width, scale, first, $0) }
    let logits = Tensor.filled([count, vocabulary]) { c in
      var product = dept_product(projecting: scaled, by: weight, into: c)
      dept_multiply_matrices(&product)
    }
    let logSum = logits.logSumExp()
    let targets = Array(targets[range])
    var total = 0.0
    for row in 0..<count {
      let logit = logits.pointer[row * vocabulary + Int(targets[row])]
      total += Double(logSum.pointer[row] - logit)
    }
    guard let gradient else { return total }
    let slope = Tensor.filled(logits.shape) {
      dept_cross_entropy_pull(
        count, vocabulary, scale / normalizer, logits.pointer, logSum.pointer, targets, $0)
    }
    var product = dept_product(pulling: slope, by: weight, into: gradient)
    dept_multiply_matrices(&product)
    return total
  }
}

extension Tensor {
  /// The summed cross-entropy of the logits `scale · self Wᵀ` against target ids, in nats, divided
  /// by `normalizer`: `self` is `[tokens, width]`, the weight `[vocabulary, width]`. The same
  /// number as by `crossEntropy`, without the logits of all tokens in memory.
  ///
  /// - Precondition: the weight is constant.
  public func crossEntropy(
    projectedBy weight: Tensor, scale: Float, _ targets: [Int32], normalizer: Float
  ) -> Tensor {
    ProjectedCrossEntropy(targets: targets, normalizer: normalizer, scale: scale)(self, weight)
  }
}
