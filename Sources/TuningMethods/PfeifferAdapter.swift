public import NeuralNetworks

/// Adapters after one sublayer of every block only, half as many as Houlsby's
/// (arXiv 2005.00247).
///
/// The published placement is after the feed-forward sublayer; the code behind the DePT paper's
/// baselines puts them after self-attention, which `targets` can say as well.
public struct PfeifferAdapter: TuningMethod {
  public static let name = "adapter-pfeiffer"
  public static let title = "Adapter (Pfeiffer)"
  public static let reference = Citation(
    "Pfeiffer et al., AdapterFusion: non-destructive task composition for transfer learning, 2021",
    arXiv: "2005.00247")
  public static let formula = "h + W_up·gelu(W_down·h + b) + b' after feed-forward"

  /// The inner width; 24 is a 32nd of T5-base's.
  public var bottleneck: Int
  /// The sublayers it comes after.
  public var targets: SiteSelector
  /// Whether layer norms are trained too.
  public var trainsNorms: Bool

  public init(
    bottleneck: Int = 24, targets: SiteSelector = .parts(.feedForward), trainsNorms: Bool = true
  ) {
    self.bottleneck = bottleneck
    self.targets = targets
    self.trainsNorms = trainsNorms
  }

  private var adapter: Adapter {
    Adapter(bottleneck: bottleneck, targets: targets, trainsNorms: trainsNorms)
  }

  public var defaultLearningRates: LearningRates { adapter.defaultLearningRates }
  public var issues: [String] { adapter.issues }
  public func issues(on backbone: Anatomy) -> [String] { adapter.issues(on: backbone) }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    adapter.adapt(backbone, into: &adaptation)
  }
}
