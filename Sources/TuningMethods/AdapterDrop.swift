public import NeuralNetworks

/// AdapterDrop: Houlsby's adapters without those of the lowest layers (arXiv 2010.11918).
///
/// With the first five of twelve layers dropped in either stack, T5-base keeps 28 adapters and
/// all norms: 1,101,984 scalars. Without `trainsNorms` no gradient is computed below the lowest
/// adapter.
public struct AdapterDrop: TuningMethod {
  public static let name = "adapterdrop"
  public static let title = "AdapterDrop"
  public static let reference = Citation(
    "Rücklé et al., AdapterDrop: on the efficiency of adapters in transformers, 2021",
    arXiv: "2010.11918")
  public static let formula =
    "h + W_up·gelu(W_down·h + b) + b' after attention and feed-forward of the upper layers"

  /// The inner width; 24 is a 32nd of T5-base's.
  public var bottleneck: Int
  /// The layers of each stack, counted from the input, that get no adapter.
  public var droppedLayers: Int
  /// Whether layer norms are trained too, those of all layers.
  public var trainsNorms: Bool

  public init(bottleneck: Int = 24, droppedLayers: Int = 5, trainsNorms: Bool = true) {
    self.bottleneck = bottleneck
    self.droppedLayers = droppedLayers
    self.trainsNorms = trainsNorms
  }

  private var adapter: Adapter {
    Adapter(
      bottleneck: bottleneck, targets: .sublayers && .layers(max(0, droppedLayers)..<(1 << 20)),
      trainsNorms: trainsNorms)
  }

  public var defaultLearningRates: LearningRates { adapter.defaultLearningRates }

  public var issues: [String] {
    adapter.issues
      + HyperparameterRange.issue("AdapterDrop's droppedLayers", droppedLayers, atLeast: 0)
  }

  public func issues(on backbone: Anatomy) -> [String] {
    let layers = [SitePath.Stack.encoder, .decoder].map { backbone.layerCount(of: $0) }.max() ?? 0
    guard droppedLayers >= layers else { return [] }
    return [
      "AdapterDrop drops the first \(droppedLayers) layers, and this backbone has \(layers): set"
        + " droppedLayers to less"
    ]
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    adapter.adapt(backbone, into: &adaptation)
  }
}
