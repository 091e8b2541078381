import NeuralNetworks
import TensorEngine

extension MethodLaws {
  /// The gradient beside differences of the loss, one parameter at a time: along the gradient
  /// itself, and along random directions.
  static func slopes(_ subject: MethodSubject) -> [Violation] {
    let parameters = subject.moved
    let (_, gradient) = valueWithGradient(at: parameters) { subject.loss($0) }
    return gradient.names.flatMap { name -> [Violation] in
      let slope = ReferenceArray(gradient[name])
      let length = slope.dot(slope).squareRoot()
      guard length.isFinite else {
        return [Violation("gradient", subject.name, "'\(name)' has a slope of \(length)")]
      }
      let random = (0..<2).map { draw in
        ReferenceArray(
          .normal(slope.shape, deviation: 1, key: RandomKey(seed: draw).folding(name)))
      }
      return ([slope] + random).compactMap { direction in
        let size = direction.dot(direction).squareRoot()
        guard size > 1e-7 else { return nil }
        let unit = direction.map { $0 / size }
        let expected = slope.dot(unit)
        var measured: [Double] = []
        for step in [0.02, 0.005, 0.00125] {
          measured.append(difference(subject, parameters, name, unit, step))
          // The loss is a float32 number near 3: its noise, three times which extrapolation makes
          // of it, is felt over a small step, a kink of ReLU over a large one.
          let limit = 0.01 * abs(expected) + 0.001 * length + 2e-6 / step
          if abs(measured[measured.count - 1] - expected) <= limit { return nil }
        }
        return Violation(
          "gradient", subject.name,
          "'\(name)' has a slope of \(expected), and \(measured) are measured")
      }
    }
  }

  /// Central differences of the loss along a unit vector, with two steps extrapolated to none.
  private static func difference(
    _ subject: MethodSubject, _ parameters: Parameters, _ name: String, _ unit: ReferenceArray,
    _ step: Double
  ) -> Double {
    func measured(_ step: Double) -> Double {
      let (above, below) = (shifted(step), shifted(-step))
      return (above - below) / (2 * step)
    }
    func shifted(_ step: Double) -> Double {
      var parameters = parameters
      parameters[name] = parameters[name] + unit.map { step * $0 }.tensor
      return Double(subject.loss(parameters).scalar)
    }
    return (4 * measured(step / 2) - measured(step)) / 3
  }
}
