public import NeuralNetworks

/// Prompt tuning: trained vectors before the embedded source, `X = [P; E]` (arXiv 2104.08691).
public struct PromptTuning: TuningMethod {
  public static let name = "pt"
  public static let title = "Prompt tuning"
  public static let reference = Citation(
    "Lester et al., The power of scale for parameter-efficient prompt tuning, 2021",
    arXiv: "2104.08691")
  public static let formula = "X = [P; E], P [l, width]"

  /// Soft tokens, *l*; `l·d` scalars are trained.
  public var length: Int
  /// What the prompt starts as.
  public var start: PromptStart

  public init(length: Int = 100, start: PromptStart = .sampledVocabulary) {
    self.length = length
    self.start = start
  }

  public var defaultLearningRates: LearningRates { LearningRates(0.3) }
  public var issues: [String] {
    HyperparameterRange.issue("prompt tuning's length", length, atLeast: 1)
      + start.issues("prompt tuning's prompt")
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let prompt = adaptation.parameter(
      "prompt", [length, site.output], start.initializer(), at: site)
    adaptation.editInput(site) { $0.prepending($1[prompt]) }
  }
}
