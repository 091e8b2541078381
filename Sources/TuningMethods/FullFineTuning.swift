public import NeuralNetworks

/// Full fine-tuning: every tensor of the backbone is trained.
public struct FullFineTuning: TuningMethod {
  public static let name = "ft"
  public static let title = "Full fine-tuning"
  public static let reference = Citation(
    "Raffel et al., Exploring the limits of transfer learning, 2020", arXiv: "1910.10683")
  public static let formula = "every weight of the backbone is trained"

  public init() {}

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    for site in backbone.weights() { adaptation.train(site, in: backbone) }
  }
}
