import Backbones
import NeuralNetworks
import Testing
import TuningMethods

@Suite struct HyperparameterTests {
  @Test("impossible hyperparameters are named, one sentence each")
  func issues() {
    #expect(PromptTuning(length: 0).issues.count == 1)
    #expect(LoRA(rank: 0).issues.count == 1)
    #expect(DePT(promptLength: -1).issues.count == 1)
    #expect(DePT(promptLength: 0, rank: 0).issues.count == 1)
    #expect(DePT(promptLength: -1, rank: -1, sourceLength: 0).issues.count == 3)
    #expect(DePT(promptLength: -2).issues[0].contains("-2"))
    #expect(LoRA(dropout: 1).issues.count == 1)
    #expect(Adapter(bottleneck: 0).issues.count == 1)
    #expect(AdapterDrop(bottleneck: 0, droppedLayers: -1).issues.count == 2)
    #expect(Stacked(LoRA()).issues.count == 1)
    #expect(Stacked(LoRA(rank: 0), PromptTuning(length: 0)).issues.count == 2)
    #expect(HyperFormer(reduction: 0, embeddingWidth: 0, hiddenWidth: 0).issues.count == 3)
    #expect(HyperDecoder(bottleneck: 0, hiddenWidth: 0, layerWidth: 0).issues.count == 3)
    #expect(LadderSideTuning(reduction: 0, layers: []).issues.count == 2)
    #expect(LadderSideTuning(layers: [1, -1, 1]).issues.count == 2)
    for method in MethodCatalogue.all { #expect(method.issues.isEmpty) }
  }

  @Test("only DePT's low-rank part limits the source")
  func longestSource() {
    #expect(DePT(sourceLength: 64).longestSource == 64)
    #expect(DePT(rank: 0, sourceLength: 64).longestSource == nil)
    #expect(PromptTuning().longestSource == nil)
    #expect(LoRA().longestSource == nil)
    #expect(FullFineTuning().longestSource == nil)
  }

  @Test("a selector that matches nothing is named, with what it selects")
  func selectors() throws {
    let anatomy = try T5.described(.small).anatomy
    let nowhere = SiteSelector.parts(.query) && .layers(90..<91)
    for method in [
      LoRA(targets: nowhere), Adapter(targets: nowhere), IA3(targets: nowhere),
      LoRABitFit(targets: nowhere), PfeifferAdapter(targets: nowhere),
      Stacked(LoRA(targets: nowhere), BitFit()),
    ] as [any TuningMethod] {
      let issues = method.issues(on: anatomy)
      #expect(issues.count == 1 && issues[0].contains("match no site"), "\(issues)")
    }
    #expect(AdapterDrop(droppedLayers: 6).issues(on: anatomy)[0].contains("6 layers"))
    #expect(AdapterDrop(droppedLayers: 5).issues(on: anatomy).isEmpty)
    // LoRA has a pair for matrices only, whatever is selected.
    #expect(LoRA(targets: .all).issues(on: anatomy).isEmpty)
    #expect(!LoRA(targets: .parts(.block)).issues(on: anatomy).isEmpty)
  }

  @Test("what a backbone lacks is named: an encoder, a block, the sizes of blocks")
  func backbones() throws {
    let unknown = Anatomy(width: 4, vocabularySize: 9)
    #expect(HyperDecoder().issues(on: unknown)[0].contains("no encoder"))
    #expect(LadderSideTuning().issues(on: unknown)[0].contains("does not say"))
    let anatomy = try T5.described(.small).anatomy
    #expect(LadderSideTuning(layers: [6, 7]).issues(on: anatomy).count == 2)
    #expect(LadderSideTuning(layers: [6]).issues(on: anatomy)[0].contains("encoder's 6 blocks"))
    for method in [HyperDecoder(), LadderSideTuning(), HyperFormer()] as [any TuningMethod] {
      #expect(method.issues(on: anatomy).isEmpty)
    }
  }

  @Test("methods that train one tensor, or replace one weight, conflict with names and shapes")
  func conflicts() throws {
    let anatomy = try T5.described(.small).anatomy
    let twice = Stacked(LoRA(rank: 2), LoRA(rank: 3)).adaptation(of: anatomy).conflicts
    #expect(twice.count == 2 * 36)
    #expect(twice[0].contains("encoder.0.query/lora.a") && twice[0].contains("[512, 3]"))
    let weights = Stacked(FullFineTuning(), Adapter()).adaptation(of: anatomy).conflicts
    #expect(weights.contains { $0.contains("encoder.0.attention-norm/weight") })
    #expect(Stacked(DePT(), LoRA()).adaptation(of: anatomy).conflicts.isEmpty)
    let beside = Stacked(LadderSideTuning(), LadderSideTuning()).adaptation(of: anatomy).conflicts
    #expect(beside.filter { $0.contains("a network beside the") }.count == 2)
  }

  @Test("a stack's later methods learn at the second rate where theirs differs")
  func stackedRates() throws {
    let stack = Stacked(DePT(), LoRA(rank: 2))
    #expect(stack.defaultLearningRates == LearningRates(0.3, lowRank: 5e-4))
    #expect(Stacked(PromptTuning(), LoRA()).defaultLearningRates.lowRank == 3e-4)
    #expect(stack.longestSource == 256)
    let groups = stack.adaptation(of: try T5.described(.small).anatomy).parameters.map(\.group)
    #expect(groups.filter { $0 == .main }.count == 1)
  }

  @Test("a citation names its arXiv identifier")
  func citations() {
    #expect(DePT.reference.description.hasSuffix("(arXiv:2309.05173)"))
    #expect(Citation("A book").description == "A book")
  }
}
