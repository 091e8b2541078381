import TensorEngine
import Testing

/// What finite differences do not see of a maximum: ties, and numbers that are none.
@Suite struct SegmentMaximumTests {
  private let segments = Segments(lengths: [3, 2])

  @Test("of equal rows the first gets the gradient")
  func ties() {
    var parameters = Parameters()
    parameters["x"] = Tensor([1, 5, 7, 5, 7, 2, -3, 0, -3, 0], shape: [5, 2])
    let weights = Tensor([1, 2, 3, 4], shape: [2, 2])
    let (_, gradient) = valueWithGradient(at: parameters) {
      ($0["x"].maximum(of: segments) * weights).sum()
    }
    #expect(gradient["x"].scalars == [0, 2, 1, 0, 0, 0, 3, 4, 0, 0])
  }

  @Test("a NaN is not hidden, wherever it is", arguments: 0..<5)
  func notANumber(row: Int) {
    var scalars: [Float] = [1, 2, 3, 4, 5]
    scalars[row] = .nan
    let largest = Tensor(scalars, shape: [5, 1]).maximum(of: segments).scalars
    #expect(largest.map(\.isNaN) == [row < 3, row >= 3])
  }

  @Test("where everything is −∞, so is the maximum")
  func infinite() {
    let x = Tensor.repeating(-.infinity, shape: [5, 3])
    #expect(x.maximum(of: segments).scalars == Array(repeating: -.infinity, count: 6))
  }
}
