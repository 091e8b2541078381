import Backbones
import DeptTesting
import NeuralNetworks
import Testing
import TuningMethods

/// The laws of prompt methods in their corners: each network, each start, no prompt at all.
@Suite struct PromptMethodLawTests {
  static let methods: [any TuningMethod] = [
    PromptTuning(length: 3, start: .labels(["a", "bcd"])),
    PromptTuning(length: 1, start: .labels(["ab", "c", "d"])),
    PTuning(length: 3, hiddenWidth: 4), PTuning(length: 2, hiddenWidth: 6, encoder: .tanh),
    PTuning(length: 3, hiddenWidth: 4, encoder: .lstm),
    PTuning(length: 1, hiddenWidth: 3, encoder: .lstm),
    PrefixTuning(length: 2, targets: PrefixTuning.decoderSelfAttention),
    PrefixTuning(length: 1, targets: .parts(.crossAttention)),
    PrefixTuning(length: 2, hiddenWidth: 3),
    PrefixTuning(length: 3, hiddenWidth: 2, targets: .parts(.attention, .crossAttention)),
    SPoT(length: 3),
    ATTEMPT(length: 2, sourceCount: 2, attentionWidth: 3, temperature: 2),
    ATTEMPT(length: 1, sourceCount: 1, attentionWidth: 1, temperature: 50, start: .random),
    MPT(length: 3), MPT(length: 2, taskStart: .mean),
    MPT(length: 2, teacherWeight: 0.9, temperature: 2),
    ADePT(promptLength: 0, rank: 3), ADePT(promptLength: 2, rank: 1, dropout: 0.1),
    DePT(promptLength: 2, rank: 3, sourceLength: 12, alignment: .end),
    DePT(promptLength: 0, rank: 2, sourceLength: 9, alignment: .end),
    Stacked(PrefixTuning(length: 2), DePT(promptLength: 1, rank: 2, sourceLength: 8)),
  ]

  @Test("a method keeps every law", arguments: methods.indices, MethodLawTests.subjects)
  func laws(index: Int, subject: (tiny: TinyBackbone, kernels: KernelChoice)) throws {
    let method = Self.methods[index]
    // There is no attention to an encoder where there is none, and the method says so.
    let issues = method.issues(on: try subject.tiny.model().anatomy)
    guard issues.isEmpty else {
      #expect(subject.tiny == .gpt2 && issues.count == 1 && issues[0].contains("match no site"))
      return
    }
    let violations = try subject.kernels { try MethodLaws.violations(of: method, on: subject.tiny) }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test(
    "an offset that is zero, and no prompt, starts as the backbone",
    arguments: MethodLawTests.subjects)
  func identity(tiny: TinyBackbone, kernels: KernelChoice) throws {
    for method in [
      ADePT(promptLength: 0, rank: 3),
      DePT(promptLength: 0, rank: 3, sourceLength: 16, alignment: .end),
    ] as [any TuningMethod] {
      #expect(try kernels { try MethodLaws.identityViolations(of: method, on: tiny) } == [])
    }
    for method in [SPoT(length: 1), MPT(length: 1), PrefixTuning(length: 1)] as [any TuningMethod] {
      #expect(try !kernels { try MethodLaws.identityViolations(of: method, on: tiny) }.isEmpty)
    }
  }

  @Test(
    "methods side by side on one backbone give the bits they give alone",
    arguments: MethodLawTests.subjects)
  func concurrency(tiny: TinyBackbone, kernels: KernelChoice) async throws {
    let violations = try await MethodLaws.concurrencyViolations(of: Self.methods, on: tiny, kernels)
    #expect(violations == [])
  }
}
