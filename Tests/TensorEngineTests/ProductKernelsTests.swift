import TensorEngine
import Testing

@Suite struct ProductKernelsTests {
  @Test("what multiplies comes with the reason")
  func reasons() {
    var kernels = ProductKernels(
      usesVectors: true, usesNativeBFloat16: false, usesHalfPrecision: false,
      nativeBFloat16Gain: 0.518, library: "OpenBLAS 0.3.21", processor: "SkylakeX")
    #expect(
      kernels.description
        == "own AVX-512 tiles; bfloat16: widened to float32, because vdpbf16ps runs at 0.5x of "
        + "float32 here; elsewhere OpenBLAS 0.3.21 (SkylakeX kernels)")
    #expect(kernels.name == "own AVX-512 kernels")
    kernels.usesHalfPrecision = true
    #expect(
      kernels.description.contains(
        "in half precision, 64 products to a float32 sum, because vdpbf16ps runs at 0.5x of"))
    #expect(kernels.name == "own AVX-512 kernels with half precision")
    kernels.usesHalfPrecision = false
    kernels.nativeBFloat16Gain = 0
    #expect(kernels.description.contains("because this processor has no vdpbf16ps"))
    kernels.nativeBFloat16Gain = 1.96
    kernels.usesNativeBFloat16 = true
    #expect(
      kernels.description.contains(
        "bfloat16: native, because vdpbf16ps runs at 2.0x of float32 here"))
    #expect(kernels.name == "own AVX-512 kernels with native bfloat16")
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
    #expect(!first.usesNativeBFloat16 || first.nativeBFloat16Gain > 1.3)
    #expect(!first.usesNativeBFloat16 || first.usesVectors)
    let others = await withTaskGroup { group in
      for _ in 0..<8 { group.addTask { ProductKernels.current } }
      return await group.reduce(into: Set<ProductKernels>()) { $0.insert($1) }
    }
    #expect(others == [first])
  }
}
