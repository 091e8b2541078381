public import NeuralNetworks
import TensorEngine

/// (IA)³: learnt vectors that scale keys, values and, where asked for, what the feed-forward
/// sublayer's last layer reads (arXiv 2205.05638).
///
/// `k ← l_k ∘ k`, `v ← l_v ∘ v`, `W_down(l_ff ∘ h)`; all vectors start at one, so that at the start
/// nothing changes. On T5-base keys and values are 55,296 scalars, the count of the DePT paper; the
/// feed-forward vectors of the original method are 73,728 more.
public struct IA3: TuningMethod {
  public static let name = "ia3"
  public static let title = "(IA)³"
  public static let reference = Citation(
    "Liu et al., Few-shot parameter-efficient fine-tuning is better and cheaper than in-context"
      + " learning, 2022", arXiv: "2205.05638")
  public static let formula = "k ← l_k∘k, v ← l_v∘v [, W_down·(l_ff∘h)]"

  /// The keys and values of every attention, cross-attention included.
  public static let keysAndValues = SiteSelector.parts(.key, .value, .crossKey, .crossValue)

  /// The linear layers whose output is scaled.
  public var targets: SiteSelector
  /// Whether the input of the last feed-forward layer is scaled too.
  public var scalesFeedForward: Bool

  public init(targets: SiteSelector = IA3.keysAndValues, scalesFeedForward: Bool = false) {
    self.targets = targets
    self.scalesFeedForward = scalesFeedForward
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-3) }

  public func issues(on backbone: Anatomy) -> [String] {
    HyperparameterRange.issues("(IA)³'s targets", targets, backbone.linears(targets))
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    for site in backbone.linears(targets) {
      let scale = adaptation.parameter("ia3", [site.output], .ones, at: site)
      adaptation.around(site) { x, pass, proceed in proceed(x) * pass[scale] }
    }
    guard scalesFeedForward else { return }
    for site in backbone.linears(.parts(.down)) {
      let scale = adaptation.parameter("ia3", [site.input], .ones, at: site)
      adaptation.around(site) { x, pass, proceed in proceed(x * pass[scale]) }
    }
  }
}
