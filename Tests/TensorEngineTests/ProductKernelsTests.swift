import TensorEngine
import Testing

@Suite struct ProductKernelsTests {
  @Test("what multiplies comes with the reason")
  func reasons() {
    var kernels = ProductKernels(
      usesVectors: true, bfloat16: .widened, pairGain: 0.518, matrixUnitGain: 0,
      library: "OpenBLAS 0.3.21", processor: "SkylakeX")
    #expect(
      kernels.description
        == "own AVX-512 tiles; bfloat16: widened to float32, because vdpbf16ps runs at 0.5x of "
        + "float32 here; elsewhere OpenBLAS 0.3.21 (SkylakeX kernels)")
    #expect(kernels.name == "own AVX-512 kernels")
    kernels.bfloat16 = .halfPrecision
    #expect(
      kernels.description.contains(
        "in half precision, 64 products to a float32 sum, because vdpbf16ps runs at 0.5x of"))
    #expect(kernels.name == "own AVX-512 kernels with half precision")
    kernels.bfloat16 = .widened
    kernels.pairGain = 0
    #expect(kernels.description.contains("because this processor has no vdpbf16ps"))
    kernels.pairGain = 1.96
    kernels.bfloat16 = .pairs
    #expect(
      kernels.description.contains(
        "bfloat16: native, because vdpbf16ps runs at 2.0x of float32 here"))
    #expect(kernels.name == "own AVX-512 kernels with native bfloat16")
    kernels.matrixUnitGain = 4.04
    kernels.bfloat16 = .matrixUnit
    #expect(
      kernels.description.contains(
        "bfloat16: by the matrix unit, because AMX runs at 4.0x of float32 here; float32: by it "
          + "too, in three bfloat16 parts; elsewhere"))
    #expect(kernels.name == "own AVX-512 kernels with AMX")
    kernels.usesVectors = false
    kernels.processor = "Haswell"
    #expect(
      kernels.description
        == "OpenBLAS 0.3.21 (Haswell kernels), because this processor has no AVX-512")
    #expect(kernels.name == "Haswell kernels")
  }

  @Test("the choice is measured once: it stays, and native is chosen only where it is faster")
  func choice() async {
    let first = ProductKernels.current
    switch first.bfloat16 {
    case .pairs: #expect(first.pairGain > 1.3 && first.pairGain >= first.matrixUnitGain)
    case .matrixUnit: #expect(first.matrixUnitGain > 1.3 && first.matrixUnitGain > first.pairGain)
    case .halfPrecision, .widened: #expect(max(first.pairGain, first.matrixUnitGain) <= 1.3)
    }
    #expect(first.bfloat16 == .widened || first.usesVectors)
    let others = await withTaskGroup { group in
      for _ in 0..<8 { group.addTask { ProductKernels.current } }
      return await group.reduce(into: Set<ProductKernels>()) { $0.insert($1) }
    }
    #expect(others == [first])
  }
}
