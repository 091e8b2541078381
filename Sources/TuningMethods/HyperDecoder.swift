public import NeuralNetworks
import TensorEngine

/// HyperDecoder (Ivison & Peters, 2022): the decoder's adapters are generated anew for every
/// source, from what the encoder made of it; the encoder's own adapters are ordinary ones.
///
/// In the encoder, after every feed-forward sublayer, `h + W_up relu(W_down h + b) + b'`. In the
/// decoder, after every feed-forward sublayer, for the rows `x` `[rows, d]` of one source:
/// `y = x + relu(x D + b_D) U + b_U`, with `D` `[d, b]`, `U` `[b, d]`, `b_D` `[b]` and `b_U` `[d]`
/// linear in `relu([e; layer] W + w)` `[128]`, `W` `[d + 10, 128]`; `layer` `[10]` is trained, and
/// `e = relu(m W₀ + b₀) W₁ + b₁` with `m` `[d]` the mean of the encoder's final hidden states.
///
/// Widths are those of the authors' code, where the adapter reads what the sublayer reads and here,
/// as all adapters do, what it puts out. Linear layers start uniform in `±1/√input`, what generates
/// in `±10⁻³·√(3/(128·input of what is generated))`, its biases zero: at the start the decoder's
/// adapters add next to nothing, and the encoder's nothing.
///
/// On T5-base 15,259,192 scalars, or 1,907,399 a task of eight; without the layers that make `e` of
/// `m` (`encodesSources`, which the authors' file for T5-base does not ask for) 14,078,008, or
/// 1,759,751 a task: the 1.8M that the DePT paper prints.
public struct HyperDecoder: TuningMethod {
  public static let name = "hyperdecoder"
  public static let title = "HyperDecoder"
  public static let reference = Citation(
    "Ivison and Peters, Hyperdecoders: instance-specific decoders for multi-task NLP, 2022",
    arXiv: "2203.08304")
  public static let formula =
    "x + relu(x·D + b)·U + b' after the decoder's feed-forward, generated from each source"
  public static let countNote: String? =
    "on T5-base 15,259,192, 1,907,399 for each of eight tasks; with encodesSources=false, as in the"
    + " authors' file for T5-base, 14,078,008, 1,759,751 a task: the 1.8M of the DePT paper"

  /// The width of an adapter, *b*.
  public var bottleneck: Int
  /// The inner width of what generates.
  public var hiddenWidth: Int
  /// The width of a layer's embedding.
  public var layerWidth: Int
  /// Whether two linear layers come between the mean of the encoder's states and what generates.
  public var encodesSources: Bool

  public init(
    bottleneck: Int = 64, hiddenWidth: Int = 128, layerWidth: Int = 10, encodesSources: Bool = true
  ) {
    self.bottleneck = bottleneck
    self.hiddenWidth = hiddenWidth
    self.layerWidth = layerWidth
    self.encodesSources = encodesSources
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }
  public var issues: [String] {
    HyperparameterRange.issue("HyperDecoder's bottleneck", bottleneck, atLeast: 1)
      + HyperparameterRange.issue("HyperDecoder's hiddenWidth", hiddenWidth, atLeast: 1)
      + HyperparameterRange.issue("HyperDecoder's layerWidth", layerWidth, atLeast: 1)
  }

  public func issues(on backbone: Anatomy) -> [String] {
    backbone.hasEncoder
      ? []
      : [
        "HyperDecoder generates adapters from an encoder's hidden states, and this backbone has no "
          + "encoder; choose HyperFormer, or a T5"
      ]
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard backbone.hasEncoder, let input = backbone.inputs(.stack(.decoder)).first else { return }
    Bottleneck.insert(
      bottleneck, .relu, after: backbone.calls(.stack(.encoder) && .parts(.feedForward)),
      into: &adaptation)
    let generator = InstanceGenerator(
      self, layerCount: backbone.layerCount(of: .decoder), width: backbone.width, at: input,
      into: &adaptation)
    for site in backbone.calls(.stack(.decoder) && .parts(.feedForward)) {
      adaptation.around(site) { x, pass, proceed in generator.adapt(proceed(x), site.path, pass) }
    }
  }
}
