import DeptTesting
import Dispatch
import Synchronization
import TensorEngine
import Testing

/// Products large enough that the pool cuts them, by rows or by columns.
@Suite(.serialized) struct LargeProductTests {
  static let sizes = [[700, 300, 96], [60, 200, 900], [33, 768, 768], [300, 129, 257]]

  /// Both layouts of the right operand with all kernels.
  static let forms = [false, true].flatMap { transposed in
    KernelChoice.available.map { (transposed, $0) }
  }

  @Test("a product and both gradients are sums of products", arguments: sizes, forms)
  func matchesPlainSums(_ size: [Int], form: (transposed: Bool, kernels: KernelChoice)) {
    let transposed = form.transposed
    let (m, k, n) = (size[0], size[1], size[2])
    let a = ReferenceArray.normal([m, k], 1)
    let b = ReferenceArray.normal(transposed ? [n, k] : [k, n], 2)
    let g = ReferenceArray.normal([m, n], 3)
    let (y, da, db) = form.kernels { product(a.tensor, b.tensor, g.tensor, transposed) }
    func right(_ l: Int, _ j: Int) -> Double { transposed ? b[j, l] : b[l, j] }
    let key = RandomKey(seed: 5)
    func place(_ draw: Int, _ count: Int) -> Int { Int(key.unit(draw) * Double(count)) }
    var largest = 0.0
    for sample in 0..<300 {
      let (i, l) = (place(3 * sample, m), place(3 * sample + 1, k))
      let j = place(3 * sample + 2, n)
      var (value, left, other) = (0.0, 0.0, 0.0)
      for t in 0..<k { value += a[i, t] * right(t, j) }
      for t in 0..<n { left += g[i, t] * right(l, t) }
      for t in 0..<m { other += a[t, l] * g[t, j] }
      let found = [
        Double(y[i * n + j]) - value, Double(da[i * k + l]) - left,
        Double(db[transposed ? j * k + l : l * n + j]) - other,
      ]
      largest = max(largest, found.map(abs).max() ?? 0)
    }
    // A float32 sum of n products of unit normals, added up one after the other, is off by about
    // 6e-8 · n/2 at the worst of thousands; n is at most 900.
    #expect(largest < 2e-4)
  }

  @Test("the same number of threads gives a product the same bits", arguments: sizes, [1, 2, 3])
  func determinism(_ size: [Int], threads: Int) {
    let operands = operands(size)
    let isSame = ThreadSetting.with(threads: threads) {
      bits(operands) == bits(operands)
    }
    #expect(isSame)
  }

  @Test(
    "a product has the same bits while other threads keep the pool busy", arguments: sizes,
    KernelChoice.available)
  func contention(_ size: [Int], kernels: KernelChoice) {
    let operands = operands(size)
    let isSame = ThreadSetting.with(threads: 2) {
      let alone = kernels { bits(operands) }
      let same = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        if kernels({ bits(operands) }) == alone { same.withLock { $0 += 1 } }
      }
      return same.withLock { $0 } == 6
    }
    #expect(isSame)
  }

  private func operands(_ size: [Int]) -> [Tensor] {
    let (m, k, n) = (size[0], size[1], size[2])
    return [[m, k], [k, n], [m, n]].enumerated().map {
      .normal($1, deviation: 1, key: RandomKey(seed: $0))
    }
  }

  private func bits(_ operands: [Tensor]) -> [[UInt32]] {
    let (y, da, db) = product(operands[0], operands[1], operands[2], false)
    return [y, da, db].map { $0.map(\.bitPattern) }
  }

  private func product(_ a: Tensor, _ b: Tensor, _ g: Tensor, _ transposed: Bool)
    -> (y: [Float], da: [Float], db: [Float])
  {
    var parameters = Parameters()
    parameters["a"] = a
    parameters["b"] = b
    let (_, gradient) = valueWithGradient(at: parameters) {
      ($0["a"].matmul($0["b"], transposingRHS: transposed) * g).sum()
    }
    let y = a.matmul(b, transposingRHS: transposed)
    return (y.scalars, gradient["a"].scalars, gradient["b"].scalars)
  }
}
