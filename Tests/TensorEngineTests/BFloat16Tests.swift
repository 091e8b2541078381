import DeptTesting
import TensorEngine
import Testing

@Suite struct BFloat16Tests {
  @Test(
    "a number becomes the nearest, ties to even",
    arguments: [
      (0x0000_0000, 0x0000), (0x8000_0000, 0x8000), (0x3F80_0000, 0x3F80),
      // Below, at and above the middle of two; the even one is below, then above.
      (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81),
      (0x3F81_7FFF, 0x3F81), (0x3F81_8000, 0x3F82), (0xBF81_8000, 0xBF82),
      // A carry into the exponent, and over the largest number.
      (0x3FFF_8000, 0x4000), (0x7F7F_7FFF, 0x7F7F), (0x7F7F_8000, 0x7F80),
      (0xFF7F_FFFF, 0xFF80), (0x7F80_0000, 0x7F80), (0xFF80_0000, 0xFF80),
      // Denormal numbers, of which the largest becomes a normal one.
      (0x0000_0001, 0x0000), (0x0000_8000, 0x0000), (0x0000_8001, 0x0001),
      (0x8001_8000, 0x8002), (0x007F_FFFF, 0x0080),
    ] as [(UInt32, UInt32)])
  func rounding(bits: UInt32, expected: UInt32) {
    // Alone, and among as many as several vectors hold.
    for count in [1, 3, 16, 37] {
      let x = Tensor(Array(repeating: Float(bitPattern: bits), count: count), shape: [count])
      let rounded = x.roundedToBFloat16()
      #expect(rounded.dtype == .bfloat16)
      #expect(rounded.widenedToFloat32().bits == Array(repeating: expected << 16, count: count))
    }
  }

  @Test(
    "what is no number stays none",
    arguments: [0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFF80_0001, 0x7FFF_FFFF] as [UInt32])
  func noNumbers(bits: UInt32) {
    let x = Tensor([1, Float(bitPattern: bits), 2], shape: [3])
    let widened = x.roundedToBFloat16().widenedToFloat32().scalars
    #expect(widened[1].isNaN && widened[0] == 1 && widened[2] == 2)
  }

  @Test("rounded once is rounded for good, and large arrays are as small ones")
  func idempotent() {
    let x = Tensor.normal([301, 211], deviation: 3, key: RandomKey(seed: 1))
    let once = x.roundedToBFloat16()
    let wide = once.widenedToFloat32()
    #expect(wide.roundedToBFloat16().widenedToFloat32().bits == wide.bits)
    #expect(once.roundedToBFloat16().widenedToFloat32().bits == wide.bits)
    #expect(wide.bits == x.scalars.map { rounded($0).bitPattern })
    #expect(wide.widenedToFloat32().bits == wide.bits)
  }

  @Test("a described tensor is rounded without elements")
  func described() {
    let rounded = Tensor.described([3, 4]).roundedToBFloat16()
    #expect(rounded.shape == [3, 4] && rounded.dtype == .bfloat16)
  }

  static let sizes = [[1, 33, 45], [13, 96, 64], [50, 31, 33], [100, 45, 97], [60, 200, 210]]

  @Test(
    "a product with rounded weights is the product of rounded operands, and so is its gradient",
    arguments: sizes, KernelChoice.available)
  func products(size: [Int], kernels: KernelChoice) {
    let (m, n, k) = (size[0], size[1], size[2])
    let (x, w) = (ReferenceArray.normal([m, k], 1), ReferenceArray.normal([n, k], 2))
    let g = ReferenceArray.normal([m, n], 3)
    let weight = w.tensor.roundedToBFloat16()
    let (near, nearX) = (rounded(w), rounded(x))
    let found = kernels {
      pulled(x, g) { $0.matmul(weight, transposingRHS: true) }
    }
    expect(found.value, nearX.matmul(near, transposingRHS: true))
    expect(found.gradient, rounded(g).matmul(near))
    // The other layout: `[k, n]`.
    let turned = ReferenceArray.normal([k, n], 4)
    let halves = turned.tensor.roundedToBFloat16()
    let plain = kernels { pulled(x, g) { $0.matmul(halves) } }
    expect(plain.value, nearX.matmul(rounded(turned)))
    expect(plain.gradient, rounded(g).matmul(rounded(turned), transposingRHS: true))
  }

  @Test(
    "fused products round where separate ones do", arguments: sizes, KernelChoice.available)
  func fused(size: [Int], kernels: KernelChoice) {
    let (m, n, k) = (size[0], size[1], size[2])
    let (x, w) = (ReferenceArray.normal([m, k], 1), ReferenceArray.normal([n, k], 2))
    let (g, residual) = (ReferenceArray.normal([m, n], 3), ReferenceArray.normal([m, n], 4))
    let (weight, near) = (w.tensor.roundedToBFloat16(), rounded(w))
    let key = RandomKey(seed: 5)
    let product = rounded(x).matmul(near, transposingRHS: true)
    let (added, addend) = (
      kernels {
        pulled(x, g) {
          residual.tensor.adding(projectionOf: $0, by: weight, dropout: 0.25, key: key)
        }
      }, product.dropped(0.25, key: key)
    )
    expect(added.value, residual.combined(addend, +))
    // 1/(1 − 0.25) is no float32 number, so that the mask is applied as the engine does.
    let dropped = ReferenceArray(g.tensor.dropout(0.25, key: key))
    expect(added.gradient, rounded(dropped).matmul(near))
    let rectified = kernels {
      pulled(x, g) { $0.rectifiedProjection(by: weight, dropout: 0.25, key: key) }
    }
    let kept = product.map { max($0, 0) }.dropped(0.25, key: key)
    expect(rectified.value, kept)
    var masked = dropped
    for index in masked.scalars.indices where kept.scalars[index] == 0 {
      masked.scalars[index] = 0
    }
    expect(rectified.gradient, rounded(masked).matmul(near))
  }

  @Test("heads are multiplied by rounded weights", arguments: KernelChoice.available)
  func heads(kernels: KernelChoice) {
    let (x, w) = (ReferenceArray.normal([13, 66], 1), ReferenceArray.normal([66, 45], 2))
    let wide = ReferenceArray.normal([26, 45], 3)
    let (weight, near) = (w.tensor.roundedToBFloat16(), rounded(w))
    let found = kernels {
      (x.tensor.expandingHeads(2, by: weight), wide.tensor.collapsingHeads(2, by: weight))
    }
    expect(found.0, rounded(x).expandingHeads(2, by: near))
    expect(found.1, rounded(wide).collapsingHeads(2, by: near))
  }

  @Test("rows taken from a rounded table are its rows, widened", arguments: [1, 7, 33])
  func gathering(width: Int) {
    let table = Tensor.normal([9, width], deviation: 1, key: RandomKey(seed: 6))
    let halves = table.roundedToBFloat16()
    let indices: [Int32] = [8, 0, 0, 3]
    #expect(
      halves.gathering(indices).bits == halves.widenedToFloat32().gathering(indices).bits)
    #expect(halves.gathering([]).shape == [0, width])
    #expect(halves.gathering(indices).dtype == .float32)
  }

  // MARK: References

  private func rounded(_ x: Float) -> Float {
    // Adding half a unit of the last kept place rounds, and to even where the rest is a half.
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7FFF + (bits >> 16) % 2) / 0x10000 * 0x10000)
  }

  private func rounded(_ array: ReferenceArray) -> ReferenceArray {
    array.map { Double(rounded(Float($0))) }
  }

  /// The value at `x`, and the gradient of `x` where that of the value is `g`.
  private func pulled(_ x: ReferenceArray, _ g: ReferenceArray, _ body: (Tensor) -> Tensor)
    -> (value: Tensor, gradient: Tensor)
  {
    var parameters = Parameters()
    parameters["x"] = x.tensor
    let gradient = valueWithGradient(at: parameters) { (body($0["x"]) * g.tensor).sum() }.gradient
    return (body(x.tensor), gradient["x"])
  }

  private func expect(
    _ found: Tensor, _ expected: ReferenceArray,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.shape == expected.shape, sourceLocation: location)
    let error = zip(found.scalars, expected.scalars).reduce(0) {
      max($0, abs(Double($1.0) - $1.1))
    }
    #expect(error <= 1e-5 * max(1, expected.largest), sourceLocation: location)
  }
}
