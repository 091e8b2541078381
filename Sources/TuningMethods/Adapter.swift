public import NeuralNetworks

/// Adapters as Houlsby et al. place them: a bottleneck after self-attention and after the
/// feed-forward sublayer of every block, `h + W_up gelu(W_down h + b) + b'`, before dropout and
/// residual; layer norms are trained with them (arXiv 1902.00751).
///
/// None is put after cross-attention, as in the code that the DePT paper's row comes from: 48
/// adapters of width 24 and 62 norms of T5-base are 1,855,104 scalars.
public struct Adapter: TuningMethod {
  public static let name = "adapter"
  public static let title = "Adapter"
  public static let reference = Citation(
    "Houlsby et al., Parameter-efficient transfer learning for NLP, 2019", arXiv: "1902.00751")
  public static let formula = "h + W_up·gelu(W_down·h + b) + b' after attention and feed-forward"

  /// The inner width; 24 is a 32nd of T5-base's.
  public var bottleneck: Int
  /// The sublayers it comes after.
  public var targets: SiteSelector
  /// Whether layer norms are trained too.
  public var trainsNorms: Bool

  public init(
    bottleneck: Int = 24, targets: SiteSelector = .sublayers, trainsNorms: Bool = true
  ) {
    self.bottleneck = bottleneck
    self.targets = targets
    self.trainsNorms = trainsNorms
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }
  public var issues: [String] {
    HyperparameterRange.issue("the adapter's bottleneck", bottleneck, atLeast: 1)
  }

  public func issues(on backbone: Anatomy) -> [String] {
    HyperparameterRange.issues("the adapter's targets", targets, backbone.calls(targets))
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    Bottleneck.insert(bottleneck, .gelu, after: backbone.calls(targets), into: &adaptation)
    guard trainsNorms else { return }
    for site in backbone.weights(.norms) { adaptation.train(site, in: backbone) }
  }
}
