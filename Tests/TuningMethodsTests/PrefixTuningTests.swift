import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

@Suite struct PrefixTuningTests {
  private let source = PackedTokens([[4, 9, 2, 7, 1], [5, 1]])
  private let target = PackedTokens([[3, 5, 1], [9, 1]])

  @Test(
    "a network's prefix acts as the same prefix trained itself", arguments: TinyBackbone.allCases)
  func network(tiny: TinyBackbone) throws {
    let model = try tiny.model()
    let made = PrefixTuning(length: 2, hiddenWidth: 3).adaptation(of: model.anatomy)
    var parameters = Parameters()
    for parameter in made.parameters {
      parameters[parameter.name] = .normal(
        parameter.shape, deviation: 0.7, key: RandomKey(seed: 2).folding(parameter.name))
    }
    var plain = Parameters()
    for stack in [SitePath.Stack.encoder, .decoder] {
      func value(_ name: String) -> Tensor { parameters["\(stack).input/prefix.\(name)"] }
      let hidden = (value("embedding").matmul(value("mlp.0.weight")) + value("mlp.0.bias")).tanh()
      let prefix = hidden.matmul(value("mlp.1.weight")) + value("mlp.1.bias")
      for layer in 0..<model.anatomy.layerCount(of: stack) {
        let path = SitePath(stack, layer, .attention)
        plain["\(path)/prefix.key"] = prefix.columns(layer * 24..<layer * 24 + 12)
        plain["\(path)/prefix.value"] = prefix.columns(layer * 24 + 12..<layer * 24 + 24)
      }
    }
    let trained = PrefixTuning(length: 2).adaptation(of: model.anatomy)
    #expect(trained.parameters.map(\.name).sorted() == plain.names)
    let one = model.logits(source: source, target: target, Forward(made, parameters)).scalars
    let other = model.logits(source: source, target: target, Forward(trained, plain)).scalars
    for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-5) }
    let frozen = model.logits(source: source, target: target, .frozen).scalars
    #expect(zip(one, frozen).contains { abs($0 - $1) > 1e-3 })
  }

  @Test("tokens are numbered after the prefix, once a stack, where its self-attention has one")
  func positions() throws {
    let anatomy = try TinyBackbone.version10.model().anatomy
    func position(_ targets: SiteSelector, _ stack: SitePath.Stack) throws -> Int {
      let adaptation = PrefixTuning(length: 3, targets: targets).adaptation(of: anatomy)
      let site = try #require(anatomy.inputs(.stack(stack)).first)
      let input = EmbeddedInput(embeddings: .zeros([2, 16]), segments: Segments(lengths: [2]))
      return Forward(adaptation, Parameters()).input(site, input).firstPosition
    }
    #expect(try position(PrefixTuning.selfAttention, .encoder) == 3)
    #expect(try position(PrefixTuning.selfAttention, .decoder) == 3)
    #expect(try position(PrefixTuning.decoderSelfAttention, .encoder) == 0)
    #expect(try position(.parts(.crossAttention), .decoder) == 0)
  }

  @Test("what is impossible is named")
  func issues() throws {
    let anatomy = try TinyBackbone.version10.model().anatomy
    #expect(PrefixTuning(length: 0, hiddenWidth: 0).issues.count == 2)
    #expect(PrefixTuning(targets: .parts(.query)).issues(on: anatomy)[0].contains("match no site"))
    #expect(PrefixTuning().issues(on: anatomy).isEmpty)
    #expect(PTuning(length: 0, hiddenWidth: -1).issues.count == 2)
    #expect(SPoT(length: 0).issues.count == 1)
    #expect(ATTEMPT(length: 0, sourceCount: 0, attentionWidth: 0, temperature: 0).issues.count == 4)
    #expect(ATTEMPT(sourceCount: 65).issues.count == 1)
    #expect(MPT(length: 0, teacherWeight: -1, temperature: .nan).issues.count == 3)
    #expect(ADePT(promptLength: -1, rank: 0, dropout: 1).issues.count == 3)
    for method in [
      PromptTuning(start: .labels([])), DePT(start: .labels([])), MPT(start: .labels([])),
      ATTEMPT(start: .labels([])), ADePT(start: .labels([])),
    ] as [any TuningMethod] {
      #expect(method.issues.count == 1 && method.issues[0].contains("class labels"))
    }
  }
}
