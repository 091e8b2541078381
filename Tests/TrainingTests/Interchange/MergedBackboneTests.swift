import Backbones
import Checkpoints
import DeptTesting
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import Tokenization
import Training
import TuningMethods

/// Adapters that are folded into the weights of their backbone.
@Suite struct MergedBackboneTests {
  private static let foldable: [any TuningMethod] = [
    LoRA(rank: 2, alpha: 6), LoRA(rank: 2, targets: .parts(.up, .down, .gate, .output)),
    IA3(scalesFeedForward: true), FullFineTuning(), Stacked(LoRA(rank: 1), IA3()),
  ]

  @Test(
    "a folded adapter gives the logits of the adapter beside its backbone",
    arguments: TinyBackbone.allCases)
  func same(tiny: TinyBackbone) throws {
    let subject = try InterchangeCase(tiny)
    let plain = subject.logits(Adaptation(), Parameters())
    let own: [any TuningMethod] = tiny == .gpt2 ? [BitFit(), LoRABitFit(rank: 2)] : []
    for method in Self.foldable + own {
      let adaptation = method.adaptation(of: subject.model.anatomy)
      let parameters = subject.parameters(adaptation)
      let merged = try MergedBackbone(
        TunedModel(backbone: subject.backbone, adaptation: adaptation, parameters: parameters),
        method: "m")
      let original = subject.backbone.model
      var byName: [String: Tensor] = [:]
      for (path, name) in original.checkpointNames { byName[name] = original.weights[path] }
      let weights = byName.merging(merged.weights) { $1 }
      let folded: any Backbone =
        switch tiny.architecture {
        case .t5(let configuration):
          try T5(configuration) { name, shape in weights[name] ?? .zeros(shape) }
        case .gpt2(let configuration):
          try GPT2(configuration) { name, shape in weights[name] ?? .zeros(shape) }
        }
      let logits = folded.logits(
        source: PackedTokens([[4, 9, 2, 7, 1], [5, 1]]),
        target: PackedTokens([[3, 5, 1], [9, 1]]), .frozen
      ).scalars
      let wanted = subject.logits(adaptation, parameters)
      #expect(InterchangeCase.largestDifference(logits, wanted) < 1e-4, "\(method)")
      #expect(InterchangeCase.largestDifference(logits, plain) > 1e-2, "\(method)")
    }
  }

  @Test("what no weight can stand for is refused by where it acts")
  func refused() throws {
    let subject = try InterchangeCase(.version10)
    let cases: [(any TuningMethod, String)] = [
      (PromptTuning(length: 2), "encoder.input"),
      (DePT(promptLength: 2, rank: 1, sourceLength: 20), "encoder.input"),
      (Adapter(), "attention"), (BitFit(), "norm"),
      (LoRA(rank: 1, targets: .parts(.head)), "head"),
    ]
    for (method, reason) in cases {
      let adaptation = method.adaptation(of: subject.model.anatomy)
      let tuned = TunedModel(
        backbone: subject.backbone, adaptation: adaptation,
        parameters: subject.parameters(adaptation))
      let error = #expect(throws: InterchangeError.self) {
        try MergedBackbone(tuned, method: type(of: method).name)
      }
      #expect(error?.description.contains(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }

  /// Biases and a nonlinear function at linear layers.
  private struct Bent: TuningMethod {
    static let name = "bent"
    static let title = "Bent"
    static let reference = Citation("none")
    var isBias: Bool
    var defaultLearningRates: LearningRates { LearningRates(1) }

    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
      for site in backbone.linears(.parts(.query)) {
        let own = adaptation.parameter("own", [site.output], .ones, at: site)
        let isBias = isBias
        adaptation.around(site) { x, pass, proceed in
          isBias ? proceed(x) + pass[own] : (proceed(x) * pass[own]).relu()
        }
      }
    }
  }

  @Test("a bias that the model does not have and a bend are refused")
  func bent() throws {
    let subject = try InterchangeCase(.version10)
    for (isBias, reason) in [(true, "the model has none there"), (false, "not linear")] {
      let adaptation = Bent(isBias: isBias).adaptation(of: subject.model.anatomy)
      let tuned = TunedModel(
        backbone: subject.backbone, adaptation: adaptation,
        parameters: subject.parameters(adaptation))
      let error = #expect(throws: InterchangeError.self) {
        try MergedBackbone(tuned, method: "bent")
      }
      #expect(error?.description.contains(reason) == true)
    }
  }

  @Test("a directory with a folded adapter is a backbone of its own")
  func directory() throws {
    let entry = BackboneCatalogue.standard.entry(.nano)
    let source = try #require(entry?.shippedDirectory)
    let output = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    let backbone = try LoadedBackbone(directory: source)
    for method in [LoRA(rank: 2, alpha: 6), FullFineTuning()] as [any TuningMethod] {
      let adaptation = method.adaptation(of: backbone.model.anatomy)
      var parameters = backbone.initialParameters(adaptation, seed: 1)
      parameters = parameters.map { name, value in
        value
          + Tensor.normal(value.shape, deviation: 0.02, key: RandomKey(seed: 2).folding(name))
      }
      let tuned = TunedModel(
        backbone: backbone, adaptation: adaptation, parameters: parameters)
      try MergedWriter(source: source).write(
        MergedBackbone(tuned, method: "m"), to: output, notes: ["dept.method": "m"])
      let folded = try LoadedBackbone(directory: output)
      let inputs = (
        PackedTokens([backbone.tokenizer.encode("a short text")]),
        PackedTokens([backbone.tokenizer.encode("label")])
      )
      func logits(_ backbone: LoadedBackbone, _ forward: Forward) -> [Float] {
        backbone.model.logits(source: inputs.0, target: inputs.1, forward).scalars
      }
      let wanted = logits(backbone, tuned.forward)
      let difference = InterchangeCase.largestDifference(logits(folded, .frozen), wanted)
      #expect(difference < 1e-4 * (1 + (wanted.map(abs).max() ?? 0)))
      #expect(FileManager.default.fileExists(atPath: output + "/config.json"))
    }
  }
}
