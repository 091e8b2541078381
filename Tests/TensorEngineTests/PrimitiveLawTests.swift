import DeptTesting
import Testing

@Suite(.serialized) struct PrimitiveLawTests {
  @Test("a primitive keeps every law", arguments: PrimitiveLaws.cases, KernelChoice.available)
  func keepsTheLaws(_ item: PrimitiveCase, kernels: KernelChoice) {
    let violations = PrimitiveLaws.violations(of: item, kernels)
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test("no two cases have one name")
  func names() {
    let names = PrimitiveLaws.cases.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
