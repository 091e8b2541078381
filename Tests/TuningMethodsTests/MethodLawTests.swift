import Backbones
import DeptTesting
import NeuralNetworks
import Testing
import TuningMethods

@Suite struct MethodLawTests {
  /// Every method of the catalogue, and the corners of the ones with several parts.
  static let methods: [any TuningMethod] =
    MethodCatalogue.all.map(fitted) + [
      PromptTuning(length: 1, start: .random), PromptTuning(length: 3, start: .text("ab c")),
      DePT(promptLength: 0, rank: 3, sourceLength: 16),
      DePT(promptLength: 3, rank: 0, sourceLength: 16),
      DePT(promptLength: 2, rank: 3, sourceLength: 8, alpha: 3, start: .sampledVocabulary),
      LoRA(rank: 2, alpha: 8, targets: .all),
      LoRA(rank: 1, targets: .parts(.up, .down) && .layers(0..<1)),
      LoRA(rank: 2, targets: .parts(.head)),
      Adapter(bottleneck: 1, targets: .parts(.crossAttention, .block), trainsNorms: false),
      IA3(scalesFeedForward: true), Stacked(DePT(promptLength: 2, rank: 2), LoRA(rank: 2)),
      Stacked(PromptTuning(length: 2), BitFit(), Adapter(bottleneck: 2)),
      HyperFormer(reduction: 4, embeddingWidth: 3, hiddenWidth: 5),
      HyperDecoder(bottleneck: 5, hiddenWidth: 3, layerWidth: 2, encodesSources: false),
      Stacked(PromptTuning(length: 2), HyperDecoder(bottleneck: 5, hiddenWidth: 3)),
      LadderSideTuning(layers: [0]),
      Stacked(PromptTuning(length: 2), LoRA(rank: 1), LadderSideTuning(reduction: 4)),
    ]

  /// A method of the catalogue with what a backbone of two layers can take, with so few ReLUs that
  /// differences of the loss do not cross their kinks, and with norms of more than two numbers,
  /// which have next to no slope.
  static func fitted(_ method: any TuningMethod) -> any TuningMethod {
    switch method {
    case is AdapterDrop: AdapterDrop(bottleneck: 3, droppedLayers: 0)
    case is HyperDecoder: HyperDecoder(bottleneck: 5, hiddenWidth: 3, layerWidth: 2)
    case is LadderSideTuning: LadderSideTuning(reduction: 2, layers: [0, 1])
    default: method
    }
  }

  /// Every backbone with all kernels.
  static let subjects = TinyBackbone.allCases.flatMap { tiny in
    KernelChoice.available.map { (tiny, $0) }
  }

  @Test("a method keeps every law", arguments: methods.indices, subjects)
  func laws(index: Int, subject: (tiny: TinyBackbone, kernels: KernelChoice)) throws {
    let anatomy = try subject.tiny.architecture.described().anatomy
    // Some methods need an encoder.
    guard Self.methods[index].issues(on: anatomy).isEmpty else { return }
    let violations = try subject.kernels {
      try MethodLaws.violations(of: Self.methods[index], on: subject.tiny)
    }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test(
    "what starts with a zero factor, or with the frozen weights, starts as the backbone",
    arguments: subjects)
  func identity(tiny: TinyBackbone, kernels: KernelChoice) throws {
    let methods: [any TuningMethod] = [
      FullFineTuning(), LoRA(), LoRA(rank: 2, targets: .all), Adapter(), PfeifferAdapter(),
      AdapterDrop(droppedLayers: 0), BitFit(), LoRABitFit(), IA3(scalesFeedForward: true),
      Stacked(LoRA(rank: 2), Adapter(bottleneck: 2)),
      DePT(promptLength: 0, rank: 3, sourceLength: 16),
    ]
    for method in methods {
      let violations = try kernels { try MethodLaws.identityViolations(of: method, on: tiny) }
      #expect(violations == [])
    }
    // The law can be broken: a prompt is no identity.
    #expect(try !MethodLaws.identityViolations(of: PromptTuning(length: 1), on: tiny).isEmpty)
  }

  @Test(
    "methods side by side on one backbone give the bits they give alone",
    arguments: subjects)
  func concurrency(tiny: TinyBackbone, kernels: KernelChoice) async throws {
    let violations = try await MethodLaws.concurrencyViolations(
      of: Self.methods, on: tiny, kernels)
    #expect(violations == [])
  }

  @Test("catalogue names are unique and found again")
  func catalogue() {
    let names = MethodCatalogue.all.map { type(of: $0).name }
    #expect(Set(names).count == names.count)
    for method in MethodCatalogue.all {
      let kind = type(of: method)
      #expect(MethodCatalogue.method(named: kind.name).map { type(of: $0).name } == kind.name)
      #expect(kind.name == kind.name.lowercased())
      #expect(!kind.title.isEmpty && !kind.reference.text.isEmpty)
      #expect(method.defaultLearningRates.main > 0)
    }
    #expect(MethodCatalogue.method(named: "unknown") == nil)
  }
}
