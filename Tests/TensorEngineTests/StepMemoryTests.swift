import DeptTesting
import Testing

@testable import TensorEngine

@Suite struct StepMemoryTests {
  @Test("after the first steps nothing is requested from the system")
  func reuse() {
    // Other tests allocate at the same time, so it is enough that a hundred steps of thirty
    // tensors request less than one block a step in some attempt.
    let requested = (0..<5).map { _ in
      for step in 0..<3 { _ = loss(step) }
      let before = Engine.systemAllocations
      for step in 0..<100 { _ = loss(step) }
      return Engine.systemAllocations - before
    }
    #expect((requested.min() ?? 100) < 100)
  }

  @Test("memory follows the largest step, not the sum of all shapes")
  func shapes() {
    let pool = MemoryPool()
    var largest = 0
    for step in 0..<400 {
      // Ten blocks of a size that no other step has.
      let size = (1 << 20) + 8192 * (step * 37 % 400)
      let blocks = (0..<10).map { _ in pool.take(size) }
      for block in blocks { pool.give(block) }
      largest = max(largest, pool.residentBytes)
    }
    #expect(largest < 3 * 10 * ((1 << 20) + 8192 * 400))
    pool.drain()
    #expect(pool.residentBytes == 0)
  }

  private func loss(_ step: Int) -> Float {
    var parameters = Parameters()
    parameters["w"] = .ones([32, 32])
    let x = Tensor.normal([16, 32], deviation: 1, key: RandomKey(seed: step))
    return valueWithGradient(at: parameters) { parameters in
      (0..<10).reduce(x) { x, _ in x.matmul(parameters["w"]).relu() + x }.sum()
    }.value
  }
}
