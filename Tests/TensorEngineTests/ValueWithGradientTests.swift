import DeptTesting
import Dispatch
import Synchronization
import TensorEngine
import Testing

@Suite(.serialized) struct ValueWithGradientTests {
  @Test("a reused subexpression gets the sum of its gradients")
  func reuse() {
    var parameters = Parameters()
    parameters["x"] = Tensor([3, -2], shape: [2])
    let (value, gradient) = valueWithGradient(at: parameters) {
      let x = $0["x"]
      return (x * x + x).sum()
    }
    #expect(value == 14)
    #expect(gradient["x"].scalars == [7, -3])
  }

  @Test("an operand on both sides, a diamond and a repeated sum add up")
  func diamonds() {
    var parameters = Parameters()
    parameters["x"] = Tensor([2], shape: [1])
    let (value, gradient) = valueWithGradient(at: parameters) {
      let x = $0["x"]
      let square = x * x  // 4
      let sum = square + square  // 8
      return (sum * sum + x + x + x).sum()  // 4x⁴ + 3x
    }
    #expect(value == 70)
    #expect(gradient["x"].scalars == [131])
  }

  @Test("gradients that share memory are not mixed up")
  func sharedGradients() {
    var parameters = Parameters()
    for name in ["a", "b", "c"] { parameters[name] = Tensor([1, 2], shape: [2]) }
    let weight = Tensor([10, 100], shape: [2])
    let (_, gradient) = valueWithGradient(at: parameters) {
      // The sum hands one gradient tensor to both sides; then `a` alone gets more.
      ((($0["a"] + $0["b"]) + $0["c"] + $0["a"]) * weight + $0["a"]).sum()
    }
    #expect(gradient["a"].scalars == [21, 201])
    #expect(gradient["b"].scalars == [10, 100])
    #expect(gradient["c"].scalars == [10, 100])
  }

  @Test("a parameter that the loss does not depend on has a gradient of zeros")
  func unused() {
    var parameters = Parameters()
    parameters["used"] = Tensor([1, 2], shape: [2])
    parameters["unused"] = Tensor([5, 6, 7], shape: [3, 1])
    let (_, gradient) = valueWithGradient(at: parameters) { $0["used"].sum() }
    #expect(gradient.names == ["unused", "used"])
    #expect(gradient["unused"].shape == [3, 1])
    #expect(gradient["unused"].scalars == [0, 0, 0])
    #expect(gradient["used"].scalars == [1, 1])
  }

  @Test("a constant loss has zero gradients, and a parameter as the loss has one")
  func constantAndIdentity() {
    var parameters = Parameters()
    parameters["x"] = Tensor(4)
    #expect(valueWithGradient(at: parameters) { _ in Tensor(3) }.gradient["x"].scalar == 0)
    #expect(valueWithGradient(at: parameters) { $0["x"] }.gradient["x"].scalar == 1)
  }

  @Test("the loss's error comes through")
  func failure() {
    struct Refused: Error {}
    func refuse(_ parameters: Parameters) throws(Refused) -> Tensor { throw Refused() }
    #expect(throws: Refused.self) { try valueWithGradient(at: Parameters(), of: refuse) }
  }

  @Test("nothing is recorded for frozen inputs, and detaching ends a history")
  func constants() {
    var parameters = Parameters()
    parameters["x"] = .ones([2, 2])
    let frozen = Tensor.ones([2, 2])
    let (_, gradient) = valueWithGradient(at: parameters) {
      let hidden = frozen.matmul(frozen).relu()
      #expect(hidden.isConstant)
      let x = $0["x"].matmul(hidden)
      #expect(!x.isConstant)
      #expect(x.detached.isConstant)
      return (x + x.detached * x.detached).sum()
    }
    #expect(gradient["x"].scalars == [4, 4, 4, 4])
  }

  @Test("a gradient can be taken inside the loss of another")
  func nested() {
    var parameters = Parameters()
    parameters["x"] = Tensor(3)
    let (_, gradient) = valueWithGradient(at: parameters) { outer in
      let (inner, slope) = valueWithGradient(at: parameters) { $0["x"] * $0["x"] }
      #expect(inner == 9)
      return slope["x"] * outer["x"]
    }
    #expect(gradient["x"].scalar == 6)
  }

  @Test("a long chain of computations needs no deep stack")
  func depth() {
    var parameters = Parameters()
    parameters["x"] = Tensor(1)
    let (_, gradient) = valueWithGradient(at: parameters) {
      (0..<20_000).reduce($0["x"]) { sum, _ in sum + Tensor(1) }
    }
    #expect(gradient["x"].scalar == 1)
  }

  @Test("gradients on many threads at once are what they are alone")
  func concurrency() {
    @Sendable func gradient(_ seed: Int) -> [UInt32] {
      var parameters = Parameters()
      parameters["w"] = .normal([48, 64], deviation: 1, key: RandomKey(seed: seed))
      let x = Tensor.normal([64, 400], deviation: 1, key: RandomKey(seed: seed).folding("x"))
      return valueWithGradient(at: parameters) {
        $0["w"].matmul(x).gelu(approximate: true).sum()
      }.gradient["w"].bits
    }
    let isSame = ThreadSetting.with(threads: 2) {
      let alone = (0..<8).map(gradient)
      let same = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 8) { seed in
        if gradient(seed) == alone[seed] { same.withLock { $0 += 1 } }
      }
      return same.withLock { $0 } == 8
    }
    #expect(isSame)
  }
}
