public import NeuralNetworks
import TensorEngine

/// Low-rank adaptation: `y = W x + (α/r)·(x A) B` on chosen linear layers (arXiv 2106.09685).
///
/// `A` is `[input, rank]` and starts Kaiming-uniform, `B` is `[rank, output]` and starts at zero.
public struct LoRA: TuningMethod {
  public static let name = "lora"
  public static let title = "LoRA"
  public static let reference = Citation(
    "Hu et al., LoRA: low-rank adaptation of large language models, 2022", arXiv: "2106.09685")

  /// The queries and values of every attention, cross-attention included.
  public static let queriesAndValues = SiteSelector.parts(
    .query, .value, .crossQuery, .crossValue)

  /// The rank *r*; `r·(input + output)` scalars a layer.
  public var rank: Int
  /// α of the scale `α/r`.
  public var alpha: Float
  /// The linear layers it acts on.
  public var targets: SiteSelector

  public init(rank: Int = 32, alpha: Float = 32, targets: SiteSelector = LoRA.queriesAndValues) {
    self.rank = rank
    self.alpha = alpha
    self.targets = targets
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }
  public var issues: [String] {
    HyperparameterRange.issue("LoRA's rank", rank, atLeast: 1)
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    let scale = alpha / Float(rank)
    for site in backbone.calls(targets) {
      let a = adaptation.parameter(
        "lora.a", [site.input, rank], .kaimingUniform(fanIn: site.input), at: site)
      let b = adaptation.parameter("lora.b", [rank, site.output], .zeros, at: site)
      adaptation.around(site) { x, parameters, proceed in
        proceed(x) + scale * x.matmul(parameters[a]).matmul(parameters[b])
      }
    }
  }
}
