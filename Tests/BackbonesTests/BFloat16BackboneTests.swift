import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

@testable import Backbones

@Suite struct BFloat16BackboneTests {
  @Test(
    "matrices are rounded, norms and position tables are not", arguments: TinyBackbone.allCases)
  func storage(tiny: TinyBackbone) throws {
    let (plain, halved) = (try tiny.model(), try tiny.model(storing: .bfloat16))
    for (path, weight) in plain.weights {
      let stored = try #require(halved.weights[path])
      let isTable = path.part == .positionBias || path.part == .position
      let isMatrix = weight.shape.count == 2 && !isTable
      #expect(stored.dtype == (isMatrix ? .bfloat16 : .float32), "\(path)")
      let expected = isMatrix ? weight.roundedToBFloat16().widenedToFloat32() : weight
      #expect(stored.widenedToFloat32().bits == expected.bits, "\(path)")
    }
  }

  @Test(
    "a pass over rounded weights is close to one over exact ones", arguments: TinyBackbone.allCases,
    KernelChoice.available)
  func closeness(tiny: TinyBackbone, kernels: KernelChoice) throws {
    let (source, target) = (
      PackedTokens([[4, 9, 2, 7, 1], [8, 3, 3, 11, 6, 2, 1]]), PackedTokens([[3, 5, 1], [9, 1]])
    )
    for seed in 0..<4 {
      let (plain, halved) = (
        try tiny.model(seed: seed), try tiny.model(seed: seed, storing: .bfloat16)
      )
      let (expected, found) = kernels {
        (
          ReferenceArray(plain.logits(source: source, target: target, .frozen)),
          ReferenceArray(halved.logits(source: source, target: target, .frozen))
        )
      }
      let error = found.combined(expected, -)
      let share = (error.dot(error) / expected.dot(expected)).squareRoot()
      // Each rounding is off by up to 1/256, and some of them stand one behind the other.
      #expect(share < 0.02 && share > 1e-4, "\(share)")
    }
  }

  @Test("a rounded backbone holds about half the bytes")
  func bytes() throws {
    let directory = try #require(BackboneCatalogue.standard.entry(.nano)?.shippedDirectory)
    func bytes(_ dtype: DType) throws -> Int {
      let backbone = try LoadedBackbone(directory: directory, storing: dtype)
      return backbone.model.weights.values.reduce(0) {
        $0 + ($1.storage?.count ?? 0) * MemoryLayout<Float>.stride
      }
    }
    let (plain, halved) = (try bytes(.float32), try bytes(.bfloat16))
    #expect(Double(halved) < 0.51 * Double(plain))
    #expect(Double(halved) > 0.49 * Double(plain))
  }
}
