public import NeuralNetworks

/// Soft prompt transfer: prompt tuning, `X = [P; E]`, that starts from the prompt another run has
/// trained on a source task (arXiv 2110.07904).
///
/// `P` is `[length, width]`, as in the source: prompt tuning's, SPoT's or DePT's. The prompts of
/// MPT and ATTEMPT are made of more than one tensor and are refused.
/// Length and rate are prompt tuning's.
public struct SPoT: TuningMethod {
  public static let name = "spot"
  public static let title = "SPoT"
  public static let reference = Citation(
    "Vu et al., SPoT: better frozen model adaptation through soft prompt transfer, 2022",
    arXiv: "2110.07904")
  public static let formula = "X = [P; E], P [l, width] from a source task's prompt"

  /// Soft tokens, *l*; those of the source.
  public var length: Int

  public init(length: Int = 100) { self.length = length }

  public var defaultLearningRates: LearningRates { LearningRates(0.3) }
  public var sources: ClosedRange<Int> { 1...1 }
  public var issues: [String] {
    HyperparameterRange.issue("SPoT's length", length, atLeast: 1)
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let prompt = adaptation.parameter(
      "prompt", [length, site.output], .source(0, "\(site.path)/prompt"), at: site)
    adaptation.editInput(site) { $0.prepending($1[prompt]) }
  }
}
