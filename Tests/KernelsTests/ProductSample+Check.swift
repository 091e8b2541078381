import Kernels
import Testing

extension ProductSample {
  /// - Parameter size: m, k and n.
  init(_ size: [Int], _ change: (inout ProductSample) -> Void) {
    self.init()
    (m, k, n) = (size[0], size[1], size[2])
    change(&self)
  }

  /// Holds what the tiles of a way make of it to the plain sum.
  func check(_ way: BFloat16Way, _ location: SourceLocation = #_sourceLocation) {
    let found = computed(way)
    let (expected, sizes) = expected()
    // Random rounding errors of float32 sums, each at most 2^-24 of the sizes added up so far.
    let wrong = expected.indices.filter {
      !(abs(Double(found.c[$0]) - expected[$0]) <= 2e-6 * (sizes[$0] + 1e-3))
    }
    #expect(wrong.isEmpty, "\(self): \(wrong.count) are wrong", sourceLocation: location)
    guard epilogue == DEPT_RELU else { return }
    let words = ProductSample.words(n)
    let falseBits = found.c.indices.filter {
      let (row, column) = $0.quotientAndRemainder(dividingBy: n)
      let bit = found.bits[row * words + column / 16] >> (column % 16) & 1
      return (bit == 1) != (found.c[$0] > 0)
    }
    #expect(falseBits.isEmpty, "\(self): false bits", sourceLocation: location)
  }

  /// The root mean square of a way's errors, by that of the sizes of the sums' terms.
  func error(_ way: BFloat16Way) -> Double {
    let found = computed(way).c
    let (expected, sizes) = expected()
    func square(_ numbers: some Sequence<Double>) -> Double { numbers.reduce(0) { $0 + $1 * $1 } }
    let errors = zip(found, expected).lazy.map { Double($0) - $1 }
    return (square(errors) / square(sizes)).squareRoot()
  }
}
