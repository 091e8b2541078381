import TensorEngine
import Testing

@Suite struct ParametersTests {
  @Test("names are sorted, scalars are counted")
  func names() {
    var parameters = Parameters()
    parameters["b"] = .zeros([2, 3])
    parameters["a"] = .zeros([])
    #expect(parameters.names == ["a", "b"])
    #expect(parameters.count == 2)
    #expect(parameters.scalarCount == 7)
    #expect(parameters.tensor(named: "c") == nil)
    #expect(parameters.map { name, _ in .zeros([name.utf8.count]) }.scalarCount == 2)
  }

  @Test("a copy does not see what is done in place to the original")
  func valueSemantics() {
    var original = Parameters()
    original["x"] = Tensor([1, 2, 3], shape: [3])
    let (copy, tensor) = (original, original["x"])
    original.mutate("x") { $0[1] = 20 }
    #expect(original["x"].scalars == [1, 20, 3])
    #expect(copy["x"].scalars == [1, 2, 3])
    #expect(tensor.scalars == [1, 2, 3])
  }

  @Test("memory that nobody else holds is changed where it lies")
  func changesInPlace() {
    var parameters = Parameters()
    parameters["x"] = Tensor([1, 2, 3], shape: [3])
    let before = address(parameters)
    parameters.mutate("x") { $0[0] = 10 }
    #expect(address(parameters) == before)
    let copy = parameters
    parameters.mutate("x") { $0[0] = 11 }
    #expect(address(parameters) != before)
    #expect(address(copy) == before)
    #expect(copy["x"].scalars == [10, 2, 3])
  }

  @Test("memory that belongs to somebody else is copied before it is changed")
  func borrowed() {
    final class Owner {  // A class because it stands for a mapped file, which has an identity.
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2)
      init() { memory.initialize(repeating: 5, count: 2) }
      deinit { memory.deallocate() }
    }
    let owner = Owner()
    var parameters = Parameters()
    parameters["x"] = Tensor(borrowing: owner.memory, shape: [2], owner: owner)
    parameters.mutate("x") { $0[0] = 1 }
    #expect(parameters["x"].scalars == [1, 5])
    #expect(owner.memory[0] == 5)
  }

  @Test("borrowed memory lives as long as a tensor over it")
  func ownership() {
    final class Owner {}  // A class because its lifetime is what is watched.
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 1)
    defer { memory.deallocate() }
    memory.initialize(to: 3)
    weak var watched: Owner?
    var tensor: Tensor?
    do {
      let owner = Owner()
      watched = owner
      tensor = Tensor(borrowing: memory, shape: [1], owner: owner).reshaped([])
    }
    #expect(watched != nil)
    #expect(tensor?.scalar == 3)
    tensor = nil
    #expect(watched == nil)
  }

  private func address(_ parameters: Parameters) -> UnsafePointer<Float>? {
    parameters["x"].withUnsafeScalars(\.baseAddress)
  }
}
