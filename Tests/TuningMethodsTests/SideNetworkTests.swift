import DeptTesting
import NeuralNetworks
import Synchronization
import TensorEngine
import Testing

@testable import Backbones
@testable import TuningMethods

/// A network beside the frozen one: what it reads, what it leaves alone, what it starts from.
@Suite struct SideNetworkTests {
  private static let source = PackedTokens([[4, 9, 2, 7, 1], [5, 1], [8, 3, 3, 11, 6, 2, 1]])
  private static let target = PackedTokens([[3, 5, 1], [9, 1], [10, 4, 3, 1]])

  @Test(
    "nothing of the backbone is recorded while the side is trained",
    arguments: TinyBackbone.allCases)
  func constants(tiny: TinyBackbone) throws {
    let backbone = try tiny.loaded()
    let anatomy = backbone.model.anatomy
    let side = LadderSideTuning(reduction: 2, layers: [0, 1])
    #expect(constantBlocks(side, backbone) == [anatomy.calls(.parts(.block)).count, 0])
    // The count can be another: a prompt before the source is recorded from the first block on.
    #expect(constantBlocks(Stacked(PromptTuning(length: 1), side), backbone)[0] == 0)
  }

  /// Blocks of the backbone with constant states, and with recorded ones, in a pass that trains.
  private func constantBlocks(_ method: any TuningMethod, _ backbone: LoadedBackbone) -> [Int] {
    let anatomy = backbone.model.anatomy
    var adaptation = method.adaptation(of: anatomy)
    let counts = Mutex([0, 0])
    let counter = Box(counts)
    for site in anatomy.calls(.parts(.block)) {
      adaptation.around(site) { x, _, proceed in
        let y = proceed(x)
        counter.counts.withLock { $0[x.isConstant && y.isConstant ? 0 : 1] += 1 }
        return y
      }
    }
    _ = gradient(adaptation, backbone)
    return counter.counts.withLock { $0 }
  }

  @Test("only gates before a side block have a gradient", arguments: TinyBackbone.allCases)
  func gates(tiny: TinyBackbone) throws {
    let backbone = try tiny.loaded()
    let adaptation = LadderSideTuning(reduction: 2, layers: [0]).adaptation(
      of: backbone.model.anatomy)
    let gradient = gradient(adaptation, backbone)
    let gates = gradient.names.filter { $0.hasSuffix("/side.gate") }
    #expect(gates.count == backbone.model.anatomy.calls(.parts(.block)).count)
    for gate in gates {
      #expect((gradient[gate].scalars[0] == 0) == gate.contains(".1."), "\(gate)")
    }
    for name in gradient.names where !name.hasSuffix("/side.gate") {
      #expect(gradient[name].scalars.contains { $0 != 0 }, "\(name)")
    }
  }

  private func gradient(_ adaptation: Adaptation, _ backbone: LoadedBackbone) -> Parameters {
    valueWithGradient(at: backbone.initialParameters(adaptation, seed: 1)) { parameters in
      backbone.model.logits(
        source: Self.source, target: Self.target, Forward(adaptation, parameters)
      ).crossEntropy(Self.target.ids, normalizer: 9)
    }.gradient
  }

  @Test("sources that are encoded in parts have their side's output in order")
  func parts() throws {
    let backbone = try TinyBackbone.version10.loaded()
    let model = try #require(backbone.model as? T5)
    let adaptation = LadderSideTuning(reduction: 2).adaptation(of: model.anatomy)
    let forward = Forward(adaptation, backbone.initialParameters(adaptation, seed: 1))
    let source = PackedTokens(
      [700, 300, 30, 1200].map { length in (0..<length).map { 3 + ($0 * 7 + length) % 20 } })
    let whole = model.encode(source, forward)
    let parts = model.encodeInParts(source, forward)
    let (expected, found) = (try #require(whole.beside), try #require(parts.beside))
    #expect(found.shape == [2230, 8] && expected.shape == found.shape)
    let off = zip(expected.scalars, found.scalars).map { abs($0 - $1) }.max() ?? .infinity
    #expect(off < 1e-4)
    #expect(model.encode(source, .frozen).beside == nil)
  }

  @Test(
    "a side as wide as the backbone starts as its blocks",
    arguments: TinyBackbone.encoderDecoders)
  func fullWidth(tiny: TinyBackbone) throws {
    let (start, model) = try started(tiny, reduction: 1)
    for (name, path) in [
      ("query", SitePath.Part.query), ("output", .output), ("down-projection", .down),
      ("up", tiny == .version10 ? .up : .gate),
    ] {
      let weight = try #require(model.weights[SitePath(.encoder, 0, path)])
      let side = start["encoder.0.block/side.\(name)"]
      #expect(side.shape == weight.shape.reversed())
      #expect(side.scalars == weight.transposed().scalars, "\(name)")
    }
    let norm = try #require(model.weights[SitePath(.decoder, 0, .crossAttentionNorm)])
    #expect(start["decoder.0.block/side.cross-attention-norm"].scalars == norm.scalars)
  }

  @Test("a side of GPT-2 starts as its blocks without biases, and with its norms")
  func decoderAlone() throws {
    let (start, model) = try started(.gpt2, reduction: 1)
    let key = try #require(model.weights[SitePath(.decoder, 1, .key)])
    #expect(start["decoder.1.block/side.key"].scalars == key.transposed().scalars)
    for (name, part) in [
      ("side.feed-forward-norm", SitePath.Part.feedForwardNorm),
      ("side.feed-forward-norm.bias", .feedForwardNormBias),
    ] {
      let norm = try #require(model.weights[SitePath(.decoder, 1, part)])
      #expect(start["decoder.1.block/\(name)"].scalars == norm.scalars)
    }
    #expect(!start.names.contains { $0.contains("position-bias") || $0.contains("query.bias") })
  }

  @Test("a narrower side keeps the same dimensions in every layer, and some of every head")
  func pruned() throws {
    let (start, model) = try started(.version10, reduction: 2)
    let table = try #require(model.weights[SitePath(.shared, nil, .embedding)])
    let sums = (0..<16).map { column in
      (0..<29).reduce(Float(0)) { $0 + abs(table.scalars[$1 * 16 + column]) }
    }
    let threshold = sums.sorted(by: >)[7]
    let kept = (0..<16).filter { sums[$0] >= threshold }
    for (name, path) in [
      ("encoder.0.block/side.attention-norm", SitePath(.encoder, 0, .attentionNorm)),
      ("encoder.1.block/side.feed-forward-norm", SitePath(.encoder, 1, .feedForwardNorm)),
      ("decoder.final-norm/side.norm", SitePath(.decoder, nil, .finalNorm)),
    ] {
      let norm = try #require(model.weights[path]).scalars
      #expect(start[name].scalars == kept.map { norm[$0] })
    }
    // Every column of the side's query is a row of the backbone's, of the same head, at what is
    // kept.
    let query = try #require(model.weights[SitePath(.encoder, 1, .query)]).scalars
    let side = start["encoder.1.block/side.query"]
    #expect(side.shape == [8, 6])
    for column in 0..<6 {
      let found = (0..<8).map { side.scalars[$0 * 6 + column] }
      let matching = (0..<12).filter { row in found == kept.map { query[row * 16 + $0] } }
      #expect(matching.count == 1 && matching[0] / 6 == column / 3, "column \(column)")
    }
  }

  private func started(
    _ tiny: TinyBackbone, reduction: Int
  ) throws -> (start: Parameters, model: any Backbone) {
    let backbone = try tiny.loaded()
    let method = LadderSideTuning(reduction: reduction, layers: [0, 1])
    let adaptation = method.adaptation(of: backbone.model.anatomy)
    return (backbone.initialParameters(adaptation, seed: 1), backbone.model)
  }

  @Test("all but every fourth block have a side block; the only one of a stack has")
  func layers() {
    let method = LadderSideTuning()
    #expect(method.sideLayers(of: 12) == [1, 2, 3, 5, 6, 7, 9, 10, 11])
    #expect(method.sideLayers(of: 6) == [1, 2, 3, 5])
    #expect(method.sideLayers(of: 1) == [0])
    #expect(LadderSideTuning(layers: [4, 1, 9]).sideLayers(of: 6) == [1, 4])
  }

  @Test("of equally important dimensions the first are kept, in order")
  func importance() {
    #expect(Importance([3, 1, 3, 5, 3]).largest(3) == [0, 2, 3])
    #expect((Importance([1, 0]) + Importance([0, 2])).largest(1) == [1])
  }
}

/// A count that closures share.
private final class Box: Sendable {
  let counts: Mutex<[Int]>
  init(_ start: consuming sending Mutex<[Int]>) { counts = start }
}
