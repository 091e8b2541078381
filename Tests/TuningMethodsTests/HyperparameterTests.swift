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

  @Test("a citation names its arXiv identifier")
  func citations() {
    #expect(DePT.reference.description.hasSuffix("(arXiv:2309.05173)"))
    #expect(Citation("A book").description == "A book")
  }
}
