public import NeuralNetworks
import TensorEngine

/// Low-rank adaptation: `y = W x + (α/r)·(x A) B` on chosen linear layers (arXiv 2106.09685).
///
/// `A` is `[input, rank]` and starts Kaiming-uniform, `B` is `[rank, output]` and starts at zero.
/// Rank and α are those of the code behind the DePT paper's row; that row trains biases as well
/// (`LoRABitFit`) and drops a tenth of what enters `A`.
public struct LoRA: TuningMethod {
  public static let name = "lora"
  public static let title = "LoRA"
  public static let reference = Citation(
    "Hu et al., LoRA: low-rank adaptation of large language models, 2022", arXiv: "2106.09685")
  public static let formula = "y = W·x + (α/r)·(x·A)·B, A [input, r], B [r, output]"

  /// The queries and values of every attention, cross-attention included.
  public static let queriesAndValues = SiteSelector.parts(
    .query, .value, .crossQuery, .crossValue)

  /// The rank *r*; `r·(input + output)` scalars a layer.
  public var rank: Int
  /// α of the scale `α/r`.
  public var alpha: Float
  /// The probability with which an input of `A` is dropped in training.
  public var dropout: Float
  /// The linear layers it acts on.
  public var targets: SiteSelector

  public init(
    rank: Int = 32, alpha: Float = 32, dropout: Float = 0,
    targets: SiteSelector = LoRA.queriesAndValues
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targets = targets
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }

  public var issues: [String] {
    HyperparameterRange.issue("LoRA's rank", rank, atLeast: 1)
      + HyperparameterRange.issue("LoRA's dropout", dropping: dropout)
  }

  public func issues(on backbone: Anatomy) -> [String] {
    HyperparameterRange.issues("LoRA's targets", targets, backbone.linears(targets))
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    let (scale, dropout) = (alpha / Float(rank), dropout)
    for site in backbone.linears(targets) {
      let a = adaptation.parameter(
        "lora.a", [site.input, rank], .kaimingUniform(fanIn: site.input), at: site)
      let b = adaptation.parameter("lora.b", [rank, site.output], .zeros, at: site)
      adaptation.around(site) { x, pass, proceed in
        let read = pass.dropped(x, dropout, site.path, "lora")
        return proceed(x) + scale * read.matmul(pass[a]).matmul(pass[b])
      }
    }
  }
}
