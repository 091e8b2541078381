import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

@testable import Training

@Suite struct MicroBatchTests {
  /// Row counts as they fall: short, long, of both kinds, with one that outweighs all others.
  static let lists: [[Int]] =
    (0..<60).map { draw in
      let key = RandomKey(seed: draw).folding("rows")
      let count = 1 + Int(key.unit(0) * 40)
      var rows = (0..<count).map { 1 + Int(key.unit($0 + 1) * (draw % 3 == 0 ? 8 : 300)) }
      if draw % 4 == 0 { rows[count / 2] = 5000 }
      if draw % 5 == 0 { rows[count - 1] = 0 }
      return rows
    } + [[], [0], [0, 0, 0, 0], [7], [5000, 1, 1, 1], [1, 1, 1, 5000], [1, 0, 5000, 0, 1]]

  @Test("parts hold every example once and in order", arguments: lists)
  func covers(rows: [Int]) {
    for (parts, budget) in Self.cuts {
      let ranges = MicroBatches(rows: rows, parts: parts, budget: budget).ranges
      #expect(ranges.flatMap { Array($0) } == Array(rows.indices))
      #expect(ranges.allSatisfy { !$0.isEmpty })
    }
  }

  @Test("there are as many parts as asked for, where there are as many examples", arguments: lists)
  func counts(rows: [Int]) {
    for (parts, budget) in Self.cuts {
      let ranges = MicroBatches(rows: rows, parts: parts, budget: budget).ranges
      let total = rows.reduce(0, +)
      #expect(ranges.count >= min(parts, rows.count))
      #expect(ranges.count <= max(parts, (total + budget - 1) / budget))
    }
  }

  @Test("no part is larger than its share and one example", arguments: lists)
  func balance(rows: [Int]) {
    for (parts, budget) in Self.cuts {
      let total = rows.reduce(0, +)
      let share = min(budget, total / max(1, parts) + 1)
      for range in MicroBatches(rows: rows, parts: parts, budget: budget).ranges {
        let part = rows[range]
        #expect(part.reduce(0, +) <= share + (part.max() ?? 0))
      }
    }
  }

  @Test("what fits into one part stays one, and equal examples make equal parts")
  func plain() {
    #expect(MicroBatches(rows: [3, 4, 5], parts: 1, budget: 12).ranges == [0..<3])
    #expect(MicroBatches(rows: [3, 4, 5], parts: 1, budget: 11).ranges.count == 2)
    for (count, parts) in [(8, 4), (12, 3), (30, 5)] {
      let rows = Array(repeating: 20, count: count)
      let ranges = MicroBatches(rows: rows, parts: parts, budget: .max / 4).ranges
      #expect(ranges.map(\.count) == Array(repeating: count / parts, count: parts))
    }
    #expect(MicroBatches(rows: [], parts: 4, budget: 10).ranges.isEmpty)
  }

  static let cuts = [1, 2, 3, 7].flatMap { parts in
    [1, 40, 500, 1 << 14].map { (parts: parts, budget: $0) }
  }

  @Test(
    "loss and gradient do not depend on the cut", arguments: TinyBackbone.allCases,
    KernelChoice.available)
  func gradients(tiny: TinyBackbone, kernels: KernelChoice) throws {
    let backbone = try tiny.loaded()
    let methods: [any TuningMethod] = [
      PromptTuning(length: 3), DePT(promptLength: 2, rank: 2, sourceLength: 16), LoRA(rank: 2),
      FullFineTuning(),
    ]
    let key = RandomKey(seed: 1)
    let batch = (0..<9).map { index in
      func ids(_ count: Int, _ name: String) -> [Int] {
        (0..<count).map { 2 + Int(key.folding(name).folding(index).unit($0) * 27) } + [1]
      }
      return TokenizedExample(source: ids(1 + index * 5 % 13, "s"), target: ids(index % 4, "t"))
    }
    for method in methods {
      let adaptation = method.adaptation(of: backbone.model.anatomy)
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation,
        parameters: backbone.initialParameters(adaptation, seed: 2))
      let whole = kernels {
        model.lossWithGradient(batch, tokens: .max / 8, dropout: 0, key: key)
      }
      for (parts, tokens) in [(1, nil), (2, nil), (3, 10), (9, nil), (1, 1), (1, 30)] {
        let found = kernels {
          model.lossWithGradient(batch, parts: parts, tokens: tokens, dropout: 0, key: key)
        }
        #expect(abs(found.loss - whole.loss) <= 1e-5 * whole.loss)
        for name in whole.gradient.names {
          let (a, b) = (found.gradient[name].scalars, whole.gradient[name].scalars)
          let size = b.reduce(0) { max($0, abs($1)) }
          let error = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
          #expect(error <= 1e-5 * max(size, 1e-3), "\(method), \(name): \(error) of \(size)")
        }
      }
    }
  }

  @Test("no examples have no loss and a gradient of zeros")
  func empty() throws {
    let backbone = try TinyBackbone.version10.loaded()
    let adaptation = PromptTuning(length: 2).adaptation(of: backbone.model.anatomy)
    let model = TunedModel(
      backbone: backbone, adaptation: adaptation,
      parameters: backbone.initialParameters(adaptation, seed: 1))
    let found = model.lossWithGradient([], dropout: 0, key: RandomKey(seed: 1))
    #expect(found.loss == 0)
    #expect(found.gradient.names == model.parameters.names)
    #expect(found.gradient.names.allSatisfy { found.gradient[$0].sumOfSquares() == 0 })
  }
}
