import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

@testable import Training

/// A step that is computed in smaller pieces because memory is short.
@Suite struct PieceTests {
  private static let batch = (0..<9).map { index in
    func ids(_ count: Int, _ name: String) -> [Int] {
      let key = RandomKey(seed: 1).folding(name).folding(index)
      return (0..<count).map { 2 + Int(key.unit($0) * 27) } + [1]
    }
    return TokenizedExample(source: ids(1 + index * 5 % 13, "s"), target: ids(index % 4, "t"))
  }

  /// What acts at every kind of place that has a mask, and masks of the methods' own.
  private static let methods: [any TuningMethod] = [
    PromptTuning(length: 3), DePT(promptLength: 2, rank: 2, sourceLength: 16),
    LoRA(rank: 2, dropout: 0.3, targets: .parts(.query, .key, .value, .output)),
    ADePT(promptLength: 2, rank: 2, dropout: 0.3), PrefixTuning(length: 2),
    LadderSideTuning(reduction: 2), Adapter(bottleneck: 3), BitFit(), FullFineTuning(),
  ]

  private func difference(_ a: Parameters, _ b: Parameters) -> Float {
    b.names.reduce(0) { worst, name in
      let (x, y) = (a[name].scalars, b[name].scalars)
      let size = max(y.reduce(0) { max($0, abs($1)) }, 1e-3)
      return max(worst, zip(x, y).reduce(0) { max($0, abs($1.0 - $1.1)) } / size)
    }
  }

  @Test(
    "loss and gradient are those of the whole part, dropout and all, down to one example a piece",
    arguments: TinyBackbone.allCases, KernelChoice.available)
  func samePart(tiny: TinyBackbone, kernels: KernelChoice) throws {
    let backbone = try tiny.loaded()
    let key = RandomKey(seed: 1)
    for method in Self.methods where method.issues(on: backbone.model.anatomy).isEmpty {
      let adaptation = method.adaptation(of: backbone.model.anatomy)
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation,
        parameters: backbone.initialParameters(adaptation, seed: 2).map { name, value in
          value + .normal(value.shape, deviation: 0.1, key: key.folding(name))
        })
      // In one part, and in several.
      for tokens in [1000, 40] {
        let whole = kernels {
          model.lossWithGradient(Self.batch, tokens: tokens, dropout: 0.2, key: key)
        }
        for rows in [1, 10, 30] {
          let found = kernels {
            model.lossWithGradient(
              Self.batch, tokens: tokens, rows: rows, dropout: 0.2, key: key)
          }
          #expect(abs(found.loss - whole.loss) <= 2e-5 * whole.loss, "\(method), \(rows) rows")
          let error = difference(found.gradient, whole.gradient)
          #expect(error <= 5e-5, "\(method), \(rows) rows: \(error)")
        }
      }
      // Parts of another size have other masks: the comparison above can tell.
      let other = model.lossWithGradient(Self.batch, tokens: 10, dropout: 0.2, key: key)
      let whole = model.lossWithGradient(Self.batch, tokens: 1000, dropout: 0.2, key: key)
      #expect(difference(other.gradient, whole.gradient) > 1e-2, "\(method)")
    }
  }

  @Test("one row a piece is one example a piece, in the order of the batch")
  func single() {
    let cut = MicroBatches(rows: Self.batch.map { $0.source.count + 3 }, parts: 2, budget: 500)
    let pieces = cut.pieces(of: Self.batch, promptLength: 3, rows: 1)
    #expect(pieces.map(\.range) == Self.batch.indices.map { $0..<$0 + 1 })
    #expect(Set(pieces.map(\.part)) == [0, 1])
    #expect(pieces[0].preceding.count == 0)
    #expect(pieces[1].preceding.sourceTokens == Self.batch[0].source.count)
    #expect(cut.pieces(of: Self.batch, promptLength: 3, rows: nil).map(\.range) == cut.ranges)
    #expect(cut.pieces(of: Self.batch, promptLength: 3, rows: 0).count == Self.batch.count)
  }

  @Test("masks that begin later are the later rows of the masks from the beginning")
  func maskRows() {
    let key = RandomKey(seed: 5)
    for width in [1, 31, 32, 70] {
      let whole = Tensor.ones([9, width]).dropout(0.4, key: key).scalars
      let later = Tensor.ones([4, width]).dropout(0.4, key: key.after(rows: 5, width: width))
      #expect(later.scalars == Array(whole[(5 * width)...]))
    }
    #expect(key.after(rows: 0, width: 8) == key)
  }
}
