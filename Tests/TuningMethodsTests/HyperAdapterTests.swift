import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

@testable import Backbones
@testable import TuningMethods

/// Adapters that are generated: from a task, and from a source.
@Suite struct HyperAdapterTests {
  private static let sources = [[4, 9, 2, 7, 1], [5, 1], [8, 3, 3, 11, 6, 2, 1]]
  private static let target = PackedTokens([[3, 5, 1], [9, 1], [10, 4, 3, 1]])

  @Test("a task moves its own embedding, and has adapters of its own")
  func tasks() throws {
    let backbone = try TinyBackbone.version10.loaded()
    let adaptation = HyperFormer().adaptation(of: backbone.model.anatomy, taskCount: 3)
    let start = backbone.initialParameters(adaptation, seed: 1)
    func logits(_ parameters: Parameters, _ task: Int) -> Tensor {
      backbone.model.logits(
        source: PackedTokens(Self.sources), target: Self.target,
        Forward(adaptation, parameters, task: task))
    }
    #expect(logits(start, 0).scalars != logits(start, 2).scalars)
    let gradient = valueWithGradient(at: start) {
      logits($0, 1).crossEntropy(Self.target.ids, normalizer: 9)
    }.gradient["encoder.input/hyper.task"]
    #expect(gradient.shape == [3, 64])
    let moved = (0..<3).map { gradient.rows($0..<$0 + 1).scalars.contains { $0 != 0 } }
    #expect(moved == [false, true, false])
  }

  @Test(
    "generated adapters start near the backbone: HyperDecoder's add next to nothing",
    arguments: TinyBackbone.encoderDecoders)
  func starts(tiny: TinyBackbone) throws {
    let backbone = try tiny.loaded()
    func off(_ method: any TuningMethod) -> Float {
      let adaptation = method.adaptation(of: backbone.model.anatomy)
      let start = backbone.initialParameters(adaptation, seed: 1)
      func logits(_ forward: Forward) -> [Float] {
        backbone.model.logits(
          source: PackedTokens(Self.sources), target: Self.target, forward
        ).scalars
      }
      let pairs = zip(logits(Forward(adaptation, start)), logits(.frozen))
      return pairs.map { abs($0 - $1) }.max() ?? .infinity
    }
    let decoder = off(HyperDecoder())
    #expect(decoder > 0 && decoder < 5e-3, "\(decoder)")
  }

  @Test("what HyperFormer adds has a root mean square near 0.08 at the start, whatever enters")
  func sizes() throws {
    let backbone = try TinyBackbone.version11.loaded()
    let adaptation = HyperFormer(reduction: 2).adaptation(of: backbone.model.anatomy)
    let start = backbone.initialParameters(adaptation, seed: 1)
    let site = try #require(backbone.model.anatomy.calls(.sublayers).first)
    let forward = Forward(adaptation, start)
    for deviation in [0.01, 1, 100] as [Float] {
      let x = Tensor.normal([500, 16], deviation: deviation, key: RandomKey(seed: 3))
      let added = forward.call(site, x) { $0 } + -1 * x
      let square = added.scalars.reduce(0) { $0 + $1 * $1 } / Float(added.scalarCount)
      #expect((0.03...0.2).contains(square.squareRoot()), "\(square.squareRoot())")
    }
  }

  @Test("a decoder's adapters depend on what the encoder read, not on who is beside it")
  func instances() throws {
    let backbone = try TinyBackbone.version10.loaded()
    let adaptation = HyperDecoder(bottleneck: 4).adaptation(of: backbone.model.anatomy)
    let parameters = backbone.initialParameters(adaptation, seed: 1).map { name, value in
      value + .normal(value.shape, deviation: 0.1, key: RandomKey(seed: 2).folding(name))
    }
    let model = try #require(backbone.model as? T5)
    let forward = Forward(adaptation, parameters)
    let encoded = model.encode(PackedTokens(Self.sources), forward)
    let site = try #require(model.anatomy.calls(.stack(.decoder) && .parts(.feedForward)).first)
    let x = Tensor.normal([4, 16], deviation: 1, key: RandomKey(seed: 5))
    func rows(_ lengths: [Int], _ sources: [Int32], _ x: Tensor) -> Tensor {
      let rows = RowLayout(
        segments: Segments(lengths: lengths), sources: sources, encoded: encoded)
      return forward.over(rows).call(site, x) { $0 }
    }
    // Two beams of the first source, none of the second, one of the third.
    let mixed = rows([1, 2, 1], [0, 0, 2], x)
    let first = rows([4], [0], x)
    let third = rows([4], [2], x)
    #expect(mixed.rows(0..<3).scalars == first.rows(0..<3).scalars)
    #expect(mixed.rows(3..<4).scalars == third.rows(3..<4).scalars)
    #expect(first.scalars != third.scalars)
  }
}
