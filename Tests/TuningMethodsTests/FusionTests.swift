import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

@testable import Backbones

/// What a layer computes in one pass beside what it computes in several, which it does as soon as
/// something acts on it, be it nothing but the call itself.
@Suite struct FusionTests {
  private static let source = PackedTokens([
    [4, 9, 2, 7, 1], [5, 1], [8, 3, 3, 11, 6, 2, 10, 4, 9, 12, 5, 1], [1],
  ])
  private static let target = PackedTokens([
    [3, 5, 5, 7, 2, 9, 1], [9, 1], [2, 7, 8, 11, 3, 1], [10, 4, 12, 3, 2, 5, 6, 1],
  ])
  /// At most three tokens: six columns a head are worth absorbing projections for.
  private static let short = PackedTokens([[3, 5, 1], [1], [2, 7], [10, 4, 1]])

  private static let methods: [any TuningMethod] = [
    PromptTuning(length: 3), DePT(promptLength: 2, rank: 2, sourceLength: 16), LoRA(rank: 2),
  ]

  static let subjects = TinyBackbone.allCases.flatMap { tiny in
    KernelChoice.available.map { (tiny, $0) }
  }

  @Test(
    "absorbed projections of keys and values are projections",
    arguments: subjects.filter { TinyBackbone.encoderDecoders.contains($0.0) },
    [SitePath.Part.crossKey, .crossValue])
  func absorbed(subject: (tiny: TinyBackbone, kernels: KernelChoice), part: SitePath.Part) throws {
    let backbone = try subject.tiny.loaded()
    // LoRA's own place is the decoder's query and value: it absorbs nothing.
    for method in Self.methods.dropLast() {
      let bare = method.adaptation(of: backbone.model.anatomy)
      let acted = proceeding(bare, .parts(part), backbone)
      #expect(try memories(backbone, bare).allSatisfy(\.isAbsorbed))
      #expect(try !memories(backbone, acted).contains(where: \.isAbsorbed))
      subject.kernels {
        compare(backbone, bare, acted, Self.short, dropout: 0, "\(method), \(part)")
      }
    }
  }

  @Test(
    "a session absorbs where few tokens are asked for, and writes the same", arguments: subjects)
  func sessions(tiny: TinyBackbone, kernels: KernelChoice) throws {
    let model = try tiny.model()
    kernels {
      var few = model.decoding(Self.source, queryCount: 3, .frozen)
      var many = model.decoding(Self.source, queryCount: 400, .frozen)
      expect(few.advance(nil, parents: []), many.advance(nil, parents: []), "start")
      for parents in [[0, 0, 1, 2, 2, 2, 3], [1, 2, 3, 5, 6, 6]] as [[Int32]] {
        let tokens = parents.indices.map { Int32(3 + $0) }
        expect(
          few.advance(tokens, parents: parents), many.advance(tokens, parents: parents),
          "\(parents)")
      }
    }
  }

  @Test(
    "fused layers are layers one after the other, with the same dropout", arguments: subjects,
    [
      .parts(.feedForward), .parts(.up, .gate), .parts(.down), .parts(.output, .crossOutput),
      .parts(.attention), .parts(.crossAttention), .parts(.block), .all,
    ] as [SiteSelector])
  func fused(subject: (tiny: TinyBackbone, kernels: KernelChoice), places: SiteSelector) throws {
    for dtype in DType.allCases {
      let backbone = try subject.tiny.loaded(storing: dtype)
      for method in Self.methods {
        let bare = method.adaptation(of: backbone.model.anatomy)
        let acted = proceeding(bare, places, backbone)
        for dropout in [0, 0.2] as [Float] {
          subject.kernels {
            compare(
              backbone, bare, acted, Self.target, dropout: dropout,
              "\(method), \(places), \(dtype), dropout \(dropout)")
          }
        }
      }
    }
  }

  // MARK: Comparing

  /// The adaptation with something that does nothing at all chosen calls.
  private func proceeding(
    _ adaptation: Adaptation, _ places: SiteSelector, _ backbone: LoadedBackbone
  ) -> Adaptation {
    var acted = adaptation
    for site in backbone.model.anatomy.calls(places) {
      acted.around(site) { x, _, proceed in proceed(x) }
    }
    return acted
  }

  private func memories(_ backbone: LoadedBackbone, _ adaptation: Adaptation) throws -> [T5Memory] {
    let model = try #require(backbone.model as? T5)
    let forward = Forward(adaptation, backbone.initialParameters(adaptation, seed: 1))
    return model.decoder.crossMemory(
      model.encode(Self.source, forward), queryCount: 3, forward)
  }

  private func compare(
    _ backbone: LoadedBackbone, _ bare: Adaptation, _ acted: Adaptation, _ target: PackedTokens,
    dropout: Float, _ place: String
  ) {
    let parameters = backbone.initialParameters(bare, seed: 3).map { name, value in
      value + .normal(value.shape, deviation: 0.05, key: RandomKey(seed: 4).folding(name))
    }
    func results(_ adaptation: Adaptation) -> (logits: Tensor, gradient: Parameters) {
      func logits(_ parameters: Parameters) -> Tensor {
        backbone.model.logits(
          source: Self.source, target: target,
          Forward(adaptation, parameters, dropout: dropout, key: RandomKey(seed: 5)))
      }
      let gradient = valueWithGradient(at: parameters) {
        logits($0).crossEntropy(target.ids, normalizer: 1)
      }.gradient
      return (logits(parameters), gradient)
    }
    let (one, several) = (results(bare), results(acted))
    expect(one.logits, several.logits, "\(place), logits")
    for name in one.gradient.names {
      expect(one.gradient[name], several.gradient[name], "\(place), \(name)")
    }
  }

  private func expect(_ found: Tensor, _ expected: Tensor, _ place: String) {
    let size = expected.scalars.reduce(0) { max($0, abs($1)) }
    let error = zip(found.scalars, expected.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(found.shape == expected.shape && size > 0, "\(place)")
    #expect(error <= 1e-5 * max(1, size), "\(place): \(error) of \(size)")
  }
}

extension T5Memory {
  fileprivate var isAbsorbed: Bool {
    if case .absorbed = self { true } else { false }
  }
}
