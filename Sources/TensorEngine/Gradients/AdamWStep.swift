import Kernels

/// One update of AdamW (arXiv 1711.05101) with bias correction.
package struct AdamWStep: Sendable {
  package var learningRate: Float
  package var beta1: Float
  package var beta2: Float
  package var epsilon: Float
  package var weightDecay: Float
  /// Counts from 1.
  package var number: Int
  /// What the gradient is multiplied by: the clipping factor.
  package var gradientScale: Float

  package init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float,
    number: Int, gradientScale: Float
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.number = number
    self.gradientScale = gradientScale
  }
}

extension Parameters {
  /// Moves the tensor `name` against its gradient, and its moments along, in place.
  package mutating func move(
    _ name: String, against gradient: Tensor, first: inout Parameters, second: inout Parameters,
    _ step: AdamWStep
  ) {
    let count = gradient.scalarCount
    mutate(name) { value in
      first.mutate(name) { first in
        second.mutate(name) { second in
          dept_adamw(
            count, step.learningRate, step.beta1, step.beta2, step.epsilon, step.weightDecay,
            Int64(step.number), step.gradientScale, gradient.pointer, value, first, second)
        }
      }
    }
  }
}
