import Kernels
import Testing

/// Products of float32 numbers by a unit that multiplies bfloat16 ones, and by vectors.
@Suite struct SplitProductTests {
  /// From where on parts are made, ragged at every edge, and more than a block deep along k.
  static let sizes = [[160, 64, 160], [177, 97, 165], [166, 600, 170]]

  static let unit = BFloat16Way.native.filter { $0.value == DEPT_MATRIX_UNIT.rawValue }
  static let ways = [BFloat16Way.widened] + unit

  @Test("edits and epilogues are those of a plain sum", arguments: sizes, ways)
  func fused(_ size: [Int], way: BFloat16Way) {
    for edit in [DEPT_EDIT_NONE, DEPT_EDIT_DROPOUT, DEPT_EDIT_BITS] {
      for epilogue in [DEPT_STORE, DEPT_ACCUMULATE, DEPT_RESIDUAL, DEPT_RELU] {
        floats(size) { ($0.edit, $0.epilogue) = (edit, epilogue) }.check(way)
      }
    }
  }

  @Test("operands lie as they like", arguments: sizes, ways)
  func layouts(_ size: [Int], way: BFloat16Way) {
    for layout in 0..<8 {
      floats(size) {
        $0.transposesA = layout & 1 != 0
        $0.transposesB = layout & 2 != 0
        $0.hasHalves = layout & 4 != 0
      }.check(way)
    }
  }

  @Test("three parts lose no more than float32 products do", arguments: sizes, unit)
  func exactness(_ size: [Int], way: BFloat16Way) {
    for layout in 0..<4 {
      let product = floats(size) {
        ($0.transposesA, $0.transposesB) = (layout & 1 != 0, layout & 2 != 0)
      }
      #expect(product.error(way) <= product.error(.widened), "\(product)")
      #expect(product.computed(way).c != product.computed(.widened).c, "the same way twice")
    }
  }

  @Test("what is not finite reaches every sum that it is part of, and no other", arguments: ways)
  func strays(way: BFloat16Way) {
    for stray in [Float.nan, Float(bitPattern: 0x7F80_0001), .infinity, -.infinity] {
      for layout in 0..<8 {
        let product = floats([177, 97, 165]) {
          ($0.transposesA, $0.transposesB) = (layout & 1 != 0, layout & 2 != 0)
          if layout & 4 != 0 { $0.strayA = stray } else { $0.strayB = stray }
        }
        let differing = zip(product.computed(way).c, product.expected().c).count { x, y in
          x.isFinite != y.isFinite
        }
        #expect(differing == 0, "\(stray) \(product)")
      }
    }
  }

  @Test("numbers of any size keep their digits", arguments: unit)
  func ranges(way: BFloat16Way) {
    for scale in [Float(1e-28), 1e-9, 16_777_215, 1e30] {
      let product = floats([160, 97, 160]) { $0.scale = scale }
      #expect(product.error(way) <= product.error(.widened), "\(scale)")
    }
  }

  private func floats(
    _ size: [Int], _ change: (inout ProductSample) -> Void
  ) -> ProductSample {
    ProductSample(size) {
      ($0.rounds, $0.hasHalves) = (false, false)
      change(&$0)
    }
  }
}
