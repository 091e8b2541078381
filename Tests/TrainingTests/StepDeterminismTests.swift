import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

@Suite(.serialized) struct StepDeterminismTests {
  static let methods: [any TuningMethod] = [
    PromptTuning(length: 20), DePT(promptLength: 10, rank: 8, sourceLength: 64), LoRA(rank: 4),
    FullFineTuning(),
  ]

  @Test(
    "a step under dropout has the same bits again, and on any number of threads",
    arguments: methods.indices, DType.allCases)
  func threads(index: Int, dtype: DType) throws {
    let step = try step(Self.methods[index], dtype)
    let one = ThreadSetting.with(threads: 1) { step() }
    let again = ThreadSetting.with(threads: 1) { step() }
    #expect(again == one)
    // Our own products are cut between results, never within a sum.
    for threads in [2, 3] where Engine.usesVectorKernels {
      let bits = ThreadSetting.with(threads: threads) { step() }
      #expect(bits == one, "\(threads) threads")
    }
  }

  @Test(
    "where the library multiplies, the same number of threads gives the same bits",
    arguments: methods.indices, [1, 2])
  func library(index: Int, threads: Int) throws {
    let step = try step(Self.methods[index], .float32)
    let isSame = ThreadSetting.with(threads: threads) {
      KernelChoice.library { step() == step() }
    }
    #expect(isSame)
  }

  /// The bits of a loss and of its gradient, over enough rows that every thread gets some.
  private func step(
    _ method: any TuningMethod, _ dtype: DType
  ) throws -> @Sendable () -> [[UInt32]] {
    let directory = try #require(BackboneCatalogue.standard.entry(.nano)?.shippedDirectory)
    let backbone = try LoadedBackbone(directory: directory, storing: dtype)
    let key = RandomKey(seed: 7)
    let batch = (0..<12).map { example in
      func ids(_ count: Int, _ name: String) -> [Int] {
        (0..<count).map { 3 + Int(key.folding(name).folding(example).unit($0) * 500) } + [1]
      }
      return TokenizedExample(
        source: ids(20 + example * 7 % 41, "source"), target: ids(1 + example % 3 * 7, "target"))
    }
    let adaptation = method.adaptation(of: backbone.model.anatomy)
    let model = TunedModel(
      backbone: backbone, adaptation: adaptation,
      parameters: backbone.initialParameters(adaptation, seed: 1).map { name, value in
        value + .normal(value.shape, deviation: 0.02, key: key.folding(name))
      })
    return {
      let found = model.lossWithGradient(batch, tokens: 400, dropout: 0.1, key: key)
      return [[found.loss.bitPattern]] + found.gradient.names.map { found.gradient[$0].bits }
    }
  }
}
