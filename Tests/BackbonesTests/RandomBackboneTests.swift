import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Tokenization

@Suite struct RandomBackboneTests {
  private let tiny = TinyBackbone.version10.architecture

  @Test("a name says that weights are random, and of which architecture")
  func names() {
    #expect(BackboneID.random(.t5Base) == "t5-base:random")
    #expect(BackboneID.random("./tiny").randomArchitecture == "./tiny")
    #expect(BackboneID.t5Base.randomArchitecture == nil)
  }

  @Test("the same name gives the same weights, another key others")
  func deterministic() throws {
    let path = SitePath(.shared, nil, .embedding)
    func table(_ backbone: LoadedBackbone) throws -> [Float] {
      try #require(backbone.model.weights[path]).scalars
    }
    let backbone = RandomBackbone(tiny)
    let first = try table(backbone.load())
    #expect(first.contains { $0 != first[0] })
    #expect(try table(backbone.load()) == first)
    #expect(try table(backbone.load(key: RandomKey(seed: 1))) != first)
  }

  @Test("the architecture of a known name needs no directory, and decides the recipe")
  func architecture() throws {
    let base = try RandomBackbone(.t5Base, directory: nil)
    #expect(base.architecture == .t5(.base))
    #expect(base.tokenizer.vocabularySize == 32_128)
    #expect(base.recipe == RandomBackbone(.t5(.base)).recipe)
    #expect(base.recipe != RandomBackbone(.t5(.small)).recipe)
    #expect(try RandomBackbone(.nano, directory: nil).architecture.width < 512)
  }

  @Test("a name is loaded by its architecture, and an unknown one is refused")
  func loading() throws {
    let nano = try LoadedBackbone(.random(.nano), directory: "")
    #expect(nano.model.anatomy.scalarCount > 100_000)
    #expect(nano.tokenizer.encode("a b c").count == 4)
    #expect(throws: BackboneError.missing(directory: "nowhere")) {
      try LoadedBackbone(.random("nowhere"), directory: "nowhere")
    }
  }
}
