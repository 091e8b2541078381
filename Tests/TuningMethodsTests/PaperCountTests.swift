import Backbones
import NeuralNetworks
import Testing
import TuningMethods

/// The counts of trained parameters that arXiv 2309.05173 prints, from the architecture alone.
@Suite struct PaperCountTests {
  private func count(
    _ method: any TuningMethod, _ configuration: T5Configuration = .base
  ) throws -> Int {
    method.adaptation(of: try T5.described(configuration).anatomy).scalarCount
  }

  @Test("a prompt of 100 on T5-base has 76,800")
  func prompt() throws {
    #expect(try count(PromptTuning(length: 100)) == 76_800)
  }

  @Test(
    "every split of DePT's budget on T5-base has 76,800",
    arguments: [
      (0, 75, 256), (20, 60, 256), (40, 45, 256), (60, 30, 256), (80, 15, 256), (60, 24, 512),
    ])
  func dept(length: Int, rank: Int, source: Int) throws {
    let method = DePT(promptLength: length, rank: rank, sourceLength: source)
    #expect(try count(method) == 76_800)
    #expect(DePT.rank(promptLength: length, width: 768, sourceLength: source) == rank)
  }

  @Test("DePT for MultiRC, with sources of 348, has 79,560")
  func multiRC() throws {
    #expect(
      try count(DePT(promptLength: 60, rank: 30, sourceLength: 348)) == 79_560)
  }

  @Test("LoRA of rank 32 on the queries and values of 36 attentions has 3,538,944")
  func lora() throws {
    #expect(try count(LoRA(rank: 32)) == 3_538_944)
  }

  @Test("adapters and biases have the counts of the paper's tables on T5-base")
  func adaptersAndBiases() throws {
    #expect(try count(Adapter()) == 1_855_104)
    #expect(try count(Adapter(trainsNorms: false)) == 1_807_488)
    #expect(try count(AdapterDrop()) == 1_101_984)
    #expect(try count(BitFit()) == 280_932)
    #expect(try count(LoRABitFit()) == 3_819_876)
    #expect(try count(IA3()) == 55_296)
    #expect(try count(IA3(scalesFeedForward: true)) == 129_024)
    #expect(try count(PfeifferAdapter(trainsNorms: false)) == 24 * 37_656)
  }

  @Test("BitFit's head covers the ids that can be written, not the spare rows of the embeddings")
  func head() throws {
    let anatomy = try T5.described(.base).anatomy
    #expect(anatomy.vocabularySize - anatomy.tokenCount == 28)
    var configuration = T5Configuration.base
    configuration.vocabularySize = 32_100
    #expect(try count(BitFit(), configuration) == 280_932)
    #expect(try count(FullFineTuning(), configuration) == 222_882_048)
  }

  @Test("one HyperFormer generator of T5-base has 2,581,464, a run with eight tasks 645,430 a task")
  func hyperFormer() throws {
    let anatomy = try T5.described(.base).anatomy
    let alone = try count(HyperFormer())
    #expect(alone == 2 * 2_581_464 + 64)
    let tasks = HyperFormer().adaptation(of: anatomy, taskCount: 8).scalarCount
    #expect(tasks == 5_163_440 && tasks == 8 * 645_430)
  }

  @Test("HyperDecoder on T5-base has 15,259,192, without the layers before it 14,078,008")
  func hyperDecoder() throws {
    #expect(try count(HyperDecoder()) == 15_259_192)
    #expect(try count(HyperDecoder(encodesSources: false)) == 14_078_008)
  }

  @Test("ladder side-tuning on T5-base has 3,878,712, gates without a side block among them")
  func ladderSideTuning() throws {
    let published = [1, 2, 3, 5, 6, 7, 9, 10, 11]
    #expect(try count(LadderSideTuning()) == 3_878_712)
    #expect(try count(LadderSideTuning(layers: published)) == 3_878_712)
    let anatomy = try T5.described(.base).anatomy
    let gates = LadderSideTuning().adaptation(of: anatomy).parameters.filter {
      $0.name.hasSuffix("side.gate")
    }
    #expect(gates.count == 24)
  }

  @Test("full fine-tuning trains all of T5-base, 222,903,552")
  func fullFineTuning() throws {
    #expect(try count(FullFineTuning()) == 222_903_552)
    #expect(try T5.described(.base).anatomy.scalarCount == 222_903_552)
  }

  @Test(
    "the rank that spends the budget of a prompt of 100 is the paper's",
    arguments: [
      (512, [0: 67, 20: 53, 40: 40, 60: 27, 80: 13]),
      (768, [0: 75, 20: 60, 40: 45, 60: 30, 80: 15]),
      (1024, [0: 80, 20: 64, 40: 48, 60: 32, 80: 16]),
      (1280, [0: 83, 20: 67, 40: 50, 60: 33, 80: 17]),
    ])
  func ranks(width: Int, expected: [Int: Int]) {
    for (length, rank) in expected.sorted(by: { $0.key < $1.key }) {
      let found = DePT.rank(promptLength: length, width: width)
      #expect(found == rank, "width \(width), length \(length)")
      func miss(_ rank: Int) -> Int { abs((length - 100) * width + (256 + width) * rank) }
      #expect(miss(found) <= miss(found + 1) && miss(found) <= miss(found - 1))
    }
    #expect(DePT.rank(promptLength: 100, width: width) == 0)
  }

  @Test("T5 small and large have their published sizes")
  func sizes() throws {
    #expect(try T5.described(.small).anatomy.scalarCount == 60_506_624)
    #expect(try T5.described(.large).anatomy.scalarCount == 737_668_096)
  }
}
