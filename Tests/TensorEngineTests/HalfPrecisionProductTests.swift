import Foundation
import TensorEngine
import Testing

/// Products with bfloat16 weights, added up in half precision where the processor can: off by less
/// than what rounding the operands costs.
@Suite struct HalfPrecisionProductTests {
  /// Rows, columns, depth: more rows than the narrow products take, ragged everywhere.
  static let sizes = [
    [100, 768, 96], [64, 1100, 45], [57, 31, 130], [90, 64, 64], [41, 33, 1],
  ]

  @Test(
    "sums are closer to the rounded operands' than those are to the exact ones'",
    arguments: sizes, [false, true])
  func isCloserThanRounding(_ size: [Int], transposed: Bool) {
    let (m, k, n) = (size[0], size[1], size[2])
    let x = Tensor.normal([m, k], deviation: 3, key: RandomKey(seed: 1))
    let w = Tensor.normal(
      transposed ? [n, k] : [k, n], deviation: 0.04, key: RandomKey(seed: 2))
    let y = inHalves {
      x.matmul(w.roundedToBFloat16(), transposingRHS: transposed).scalars
    }
    let (exact, rounded) = (
      sums(x.scalars, w.scalars, size, transposed),
      sums(
        x.roundedToBFloat16().widenedToFloat32().scalars,
        w.roundedToBFloat16().widenedToFloat32().scalars, size, transposed)
    )
    let lost = deviation(zip(rounded, exact).map { $0 - $1 })
    let off = deviation(zip(y, rounded).map { Double($0) - $1 })
    #expect(off < 0.75 * lost, "off by \(off), where rounding costs \(lost)")
  }

  @Test("rows and weights of any size keep their relative error", arguments: [-20, -9, 0, 9, 20])
  func scales(exponent: Int) {
    let factor = Float(sign: .plus, exponent: exponent, significand: 1)
    let x = Tensor.normal([50, 200], deviation: 1, key: RandomKey(seed: 3))
    let w = Tensor.normal([70, 200], deviation: 1, key: RandomKey(seed: 4))
    let plain = inHalves { x.matmul(w.roundedToBFloat16(), transposingRHS: true).scalars }
    let both = inHalves {
      (factor * x).matmul((factor * w).roundedToBFloat16(), transposingRHS: true).scalars
    }
    // Powers of two are taken off before and put back after: the same bits.
    #expect(zip(plain, both).allSatisfy { $0 * factor * factor == $1 })
  }

  @Test("NaN and infinity in a row reach its results, and no other row's")
  func nonFinite() {
    var scalars = Tensor.normal([60, 96], deviation: 1, key: RandomKey(seed: 5)).scalars
    scalars[7 * 96 + 3] = .nan
    scalars[9 * 96 + 90] = .infinity
    let w = Tensor.normal([80, 96], deviation: 1, key: RandomKey(seed: 6)).roundedToBFloat16()
    let x = Tensor(scalars, shape: [60, 96])
    let y = inHalves { x.matmul(w, transposingRHS: true).scalars }
    for row in 0..<60 {
      let finite = y[row * 80..<(row + 1) * 80].map(\.isFinite)
      #expect(Set(finite) == [row != 7 && row != 9], "row \(row)")
    }
  }

  @Test("zeros, and numbers far below a row's largest, do no harm")
  func smallNumbers() {
    var scalars = [Float](repeating: 0, count: 48 * 64)
    for row in 0..<48 { scalars[row * 64] = 1000 }
    for index in 0..<48 where index % 2 == 0 { scalars[index * 64 + 1] = 1e-30 }
    let w = Tensor.ones([64, 64]).roundedToBFloat16()
    let x = Tensor(scalars, shape: [48, 64])
    let y = inHalves { x.matmul(w, transposingRHS: true).scalars }
    // 1000 is 1000 in bfloat16.
    #expect(y.allSatisfy { $0 == 1000 })
  }

  /// What `body` gives in half precision, where the processor has it, even if something else is
  /// faster.
  private func inHalves<Result>(_ body: () -> Result) -> Result {
    Engine.multiplyingBFloat16(.halfPrecision, body)
  }

  private func sums(_ x: [Float], _ w: [Float], _ size: [Int], _ transposed: Bool) -> [Double] {
    let (m, k, n) = (size[0], size[1], size[2])
    var y = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<k {
          sum += Double(x[i * k + l]) * Double(w[transposed ? j * k + l : l * n + j])
        }
        y[i * n + j] = sum
      }
    }
    return y
  }

  private func deviation(_ differences: [Double]) -> Double {
    (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
  }
}
