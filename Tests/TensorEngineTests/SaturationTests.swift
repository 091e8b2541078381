import TensorEngine
import Testing

/// Functions of the exponential where it over- and underflows, and of numbers that are none.
@Suite struct SaturationTests {
  private let x = Tensor([-.infinity, -1e4, -100, 100, 1e4, .infinity], shape: [6])

  @Test("sigmoid and tanh reach their bounds, with slopes of 0")
  func bounds() {
    let (sigmoid, sigmoidSlope) = sloped { $0.sigmoid() }
    expect(sigmoid, [0, 0, 0, 1, 1, 1])
    expect(sigmoidSlope, [0, 0, 0, 0, 0, 0])
    let (tanh, tanhSlope) = sloped { $0.tanh() }
    expect(tanh, [-1, -1, -1, 1, 1, 1])
    expect(tanhSlope, [0, 0, 0, 0, 0, 0])
  }

  @Test("SiLU is 0 on the left and the identity on the right")
  func silu() {
    let finite = Tensor([-1e4, -100, 100, 1e4], shape: [4])
    expect(finite.silu().scalars, [0, 0, 100, 1e4])
  }

  @Test("softmax of logits far from 0 adds up to 1, and a shift changes nothing")
  func softmax() {
    let logits = Tensor([1e4, 1e4 - 1, -1e4, -1e4, -1e4 - 1, -3e4], shape: [2, 3])
    let share: Float = 1 / (1 + 2.718_281_8)
    expect(logits.softmax().scalars, [1 - share, share, 0, 1 - share, share, 0], within: 1e-6)
  }

  @Test("a NaN is not hidden")
  func notANumber() {
    let x = Tensor([1, .nan, 2, 1, 0, 2], shape: [2, 3])
    for value in [x.sigmoid(), x.tanh(), x.silu()] {
      #expect(value.scalars.map(\.isNaN) == [false, true, false, false, false, false])
    }
    #expect(x.softmax().scalars.map(\.isNaN) == [true, true, true, false, false, false])
    for (logits, target) in [(x, Tensor.zeros([2, 3])), (.zeros([2, 3]), x)] {
      #expect(logits.softCrossEntropy(target, temperature: 2, normalizer: 1).scalar.isNaN)
    }
    #expect(x.meanSquaredError(to: .zeros([2, 3]), normalizer: 1).scalar.isNaN)
  }

  private func sloped(_ function: (Tensor) -> Tensor) -> (value: [Float], slope: [Float]) {
    var parameters = Parameters()
    parameters["x"] = x
    let (_, gradient) = valueWithGradient(at: parameters) { function($0["x"]).sum() }
    return (function(x).scalars, gradient["x"].scalars)
  }

  private func expect(
    _ found: [Float], _ expected: [Float], within tolerance: Float = 1e-30,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: location)
    for (a, b) in zip(found, expected) {
      #expect(abs(a - b) <= tolerance, "\(a) and \(b)", sourceLocation: location)
    }
  }
}
