import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

@Suite struct BackboneLawTests {
  @Test(
    "a random backbone keeps every law", arguments: TinyBackbone.allCases, KernelChoice.available)
  func laws(tiny: TinyBackbone, kernels: KernelChoice) throws {
    for seed in [0, 1] {
      let model = try tiny.model(seed: seed)
      let violations = kernels { BackboneLaws.violations(of: model, named: tiny.rawValue) }
      #expect(violations.isEmpty, "\(violations)")
    }
  }

  @Test(
    "the golden models keep every law", arguments: GoldenFolder.models, KernelChoice.available)
  func goldenLaws(name: String, kernels: KernelChoice) throws {
    let model = try GoldenFolder.model(name).model
    let violations = kernels { BackboneLaws.violations(of: model, named: name) }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test(
    "a described model has the sites of a loaded one, and no weights",
    arguments: TinyBackbone.allCases)
  func described(tiny: TinyBackbone) throws {
    let (loaded, described) = (try tiny.model(), try tiny.architecture.described())
    #expect(described.anatomy.weights() == loaded.anatomy.weights())
    #expect(described.anatomy.calls() == loaded.anatomy.calls())
    #expect(described.anatomy.inputs() == loaded.anatomy.inputs())
    #expect(described.anatomy.attentions() == loaded.anatomy.attentions())
    #expect(described.anatomy.scalarCount == loaded.anatomy.scalarCount)
    #expect(described.checkpointNames == loaded.checkpointNames)
  }

  @Test("random weights depend on the key and on the name alone", arguments: TinyBackbone.allCases)
  func random(tiny: TinyBackbone) throws {
    let drawn = try [1, 1, 2].map { try tiny.architecture.random(key: RandomKey(seed: $0)) }
    let (a, b, c) = (drawn[0], drawn[1], drawn[2])
    for (path, weight) in a.weights {
      #expect(weight.bits == b.weights[path]?.bits)
      // Norms and biases start as they do for every key.
      let isVector = weight.shape.count == 1
      #expect((weight.bits == c.weights[path]?.bits) == isVector)
    }
  }

  @Test(
    "dropout changes a pass, and the same key gives the same pass", arguments: TinyBackbone.allCases
  )
  func dropout(tiny: TinyBackbone) throws {
    let model = try tiny.model()
    func logits(_ dropout: Float, _ seed: Int) -> [UInt32] {
      model.logits(
        source: PackedTokens([[3, 4, 5, 1]]), target: PackedTokens([[6, 7, 1]]),
        Forward(Adaptation(), Parameters(), dropout: dropout, key: RandomKey(seed: seed))
      ).bits
    }
    #expect(logits(0, 1) == logits(0, 2))
    #expect(logits(0.2, 1) == logits(0.2, 1))
    #expect(logits(0.2, 1) != logits(0.2, 2))
    #expect(logits(0.2, 1) != logits(0, 1))
  }
}
