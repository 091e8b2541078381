import Kernels
import Testing

/// Products by the processor's bfloat16 instructions and by widened operands, whichever is fastest.
@Suite(.enabled(if: !BFloat16Way.native.isEmpty, "this processor has no AVX512_BF16"))
struct NativeBFloat16Tests {
  /// Ragged at every edge; odd, tiny and more than a block deep along k. Then 40 rows at most: they
  /// take another way, one for whole tiles of weights and one for others.
  static let sizes = [
    [50, 65, 45], [61, 45, 33], [41, 7, 1], [57, 1, 40], [43, 2081, 70], [1, 64, 32],
    [7, 96, 64], [16, 160, 96], [17, 64, 288], [32, 1024, 64], [9, 65, 45], [40, 64, 64],
  ]

  @Test("edits and epilogues are those of a plain sum", arguments: sizes, BFloat16Way.all)
  func fused(_ size: [Int], way: BFloat16Way) {
    for edit in [DEPT_EDIT_NONE, DEPT_EDIT_DROPOUT, DEPT_EDIT_BITS] {
      for epilogue in [DEPT_STORE, DEPT_ACCUMULATE, DEPT_RESIDUAL, DEPT_RELU] {
        ProductSample(size) { ($0.edit, $0.epilogue) = (edit, epilogue) }.check(way)
      }
    }
  }

  @Test(
    "operands and results kept as bfloat16 are the float32 ones, rounded",
    arguments: [
      [50, 65, 45], [61, 45, 33], [41, 7, 1], [57, 1, 40], [43, 2048, 70], [5, 70, 90],
      [8, 64, 96], [25, 96, 64],
    ],
    BFloat16Way.native)
  func kept(_ size: [Int], way: BFloat16Way) {
    for edit in [DEPT_EDIT_NONE, DEPT_EDIT_DROPOUT, DEPT_EDIT_BITS] {
      for epilogue in [DEPT_STORE, DEPT_RELU] {
        let floats = ProductSample(size) {
          ($0.edit, $0.epilogue, $0.isRoundedA) = (edit, epilogue, true)
        }
        var halves = floats
        (halves.keepsA, halves.keepsC) = (true, true)
        let (expected, found) = (floats.computed(way), halves.computed(way))
        #expect(found.c == ProductSample.rounded(expected.c), "\(floats)")
        #expect(found.bits == expected.bits, "\(floats)")
      }
    }
  }

  @Test("several products of one matrix are the products one by one", arguments: BFloat16Way.all)
  func each(way: BFloat16Way) {
    for (m, n, k) in [(50, 45, 65), (100, 96, 2100), (3, 40, 40)] {
      for rounding in [false, true] {
        let a = randomNumbers(m * k, 1), b = (2..<5).map { randomNumbers(n * k, $0) }
        func multiplied(_ body: ([dept_product]) -> Void) -> [Float] {
          var c = [Float](repeating: .nan, count: 3 * m * n)
          a.withUnsafeBufferPointer { a in
            c.withUnsafeMutableBufferPointer { c in
              let all = b.map { Array($0) }
              all[0].withUnsafeBytes { first in
                all[1].withUnsafeBytes { second in
                  all[2].withUnsafeBytes { third in
                    let products = [first, second, third].enumerated().map { index, b in
                      var product = dept_product()
                      (product.m, product.n, product.k) = (m, n, k)
                      product.transpose_b = true
                      product.a = a.baseAddress
                      product.b = b.baseAddress
                      product.rounding = rounding
                      product.c = c.baseAddress.map { $0 + index * m * n }
                      return product
                    }
                    way.forced { body(products) }
                  }
                }
              }
            }
          }
          return c
        }
        let together = multiplied { dept_multiply_by_each($0, $0.count) }
        let apart = multiplied { for var product in $0 { dept_multiply_matrices(&product) } }
        #expect(together == apart, "\(m)x\(k)x\(n)")
      }
    }
  }

  @Test("operands lie as they like", arguments: sizes, BFloat16Way.all)
  func layouts(_ size: [Int], way: BFloat16Way) {
    for layout in 0..<8 {
      let product = ProductSample(size) {
        $0.transposesA = layout & 1 != 0
        $0.transposesB = layout & 2 != 0
        $0.hasHalves = layout & 4 != 0
      }
      product.check(way)
    }
  }

  @Test("NaN and infinity reach every sum that they are part of", arguments: BFloat16Way.all)
  func strays(way: BFloat16Way) {
    // The second one's payload lies in the half that bfloat16 cuts off.
    for stray in [Float.nan, Float(bitPattern: 0x7F80_0001), .infinity, -.infinity] {
      for layout in 0..<32 {
        let product = ProductSample(layout & 16 == 0 ? [50, 65, 45] : [7, 96, 64]) {
          $0.transposesA = layout & 1 != 0
          $0.transposesB = layout & 2 != 0
          $0.hasHalves = layout & 4 != 0
          if layout & 8 != 0 { $0.strayA = stray } else { $0.strayB = stray }
        }
        let found = product.computed(way).c
        let differing = zip(found, product.expected().c).count { x, y in
          x.isNaN != y.isNaN || (y.isInfinite || x.isInfinite) && Double(x) != y
        }
        #expect(differing == 0, "\(stray) \(product)")
        #expect(found.contains { !$0.isFinite })
      }
    }
  }

  @Test("a native way is another way, and each gives the same bits again")
  func forcing() {
    let product = ProductSample([50, 65, 45]) { _ in }
    let widened = product.computed(.widened).c
    #expect(widened == product.computed(.widened).c)
    for way in BFloat16Way.native {
      let native = product.computed(way).c
      #expect(native == product.computed(way).c)
      #expect(native != widened)
    }
  }
}
