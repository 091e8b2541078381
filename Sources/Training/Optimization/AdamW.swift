public import TensorEngine

/// AdamW (arXiv 1711.05101) with bias correction; its moments are parameters like any other.
public struct AdamW: Sendable {
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-6
  public var weightDecay: Float
  /// The running means of gradients and of their squares.
  public private(set) var first: Parameters
  public private(set) var second: Parameters
  /// Updates so far.
  public private(set) var step: Int

  /// A fresh optimizer for these parameters.
  public init(for parameters: Parameters, weightDecay: Float) {
    self.weightDecay = weightDecay
    first = parameters.map { .zeros($1.shape) }
    second = parameters.map { .zeros($1.shape) }
    step = 0
  }

  /// An optimizer that goes on from saved moments.
  public init(weightDecay: Float, first: Parameters, second: Parameters, step: Int) {
    self.weightDecay = weightDecay
    self.first = first
    self.second = second
    self.step = step
  }

  /// Moves `parameters` one step against `gradient · scale`, in place; those that have no gradient
  /// stay.
  ///
  /// - Parameter rate: the learning rate of a parameter's name.
  public mutating func update(
    _ parameters: inout Parameters, gradient: Parameters, scale: Float,
    rate: (String) -> Double
  ) {
    step += 1
    for name in gradient.names {
      parameters.move(
        name, against: gradient[name], first: &first, second: &second,
        AdamWStep(
          learningRate: Float(rate(name)), beta1: beta1, beta2: beta2, epsilon: epsilon,
          weightDecay: weightDecay, number: step, gradientScale: scale))
    }
  }
}
