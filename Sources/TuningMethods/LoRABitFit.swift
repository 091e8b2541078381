public import NeuralNetworks

/// LoRA with biases, the row that the DePT paper calls LoRA: low-rank pairs of rank 32 on queries
/// and values, and BitFit's biases (arXiv 2106.09685, 2106.10199).
///
/// On T5-base 3,538,944 and 280,932 scalars, 3,819,876 in all.
public struct LoRABitFit: TuningMethod {
  public static let name = "lora-bitfit"
  public static let title = "LoRA + biases"
  public static let reference = Citation(
    "Sung et al., LST: ladder side-tuning, 2022 (its LoRA baseline)", arXiv: "2206.06522")
  public static let formula = "y = W·x + (α/r)·(x·A)·B + b"
  public static let countNote: String? =
    "what the DePT paper calls LoRA, 3.8M: 3,538,944 of the pairs and 280,932 biases"

  /// The rank *r* of the pairs.
  public var rank: Int
  /// α of the scale `α/r`.
  public var alpha: Float
  /// The probability with which an input of `A` is dropped in training.
  public var dropout: Float
  /// The linear layers with a pair.
  public var targets: SiteSelector

  public init(
    rank: Int = 32, alpha: Float = 32, dropout: Float = 0.1,
    targets: SiteSelector = LoRA.queriesAndValues
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targets = targets
  }

  private var lora: LoRA { LoRA(rank: rank, alpha: alpha, dropout: dropout, targets: targets) }

  public var defaultLearningRates: LearningRates { lora.defaultLearningRates }
  public var issues: [String] { lora.issues }
  public func issues(on backbone: Anatomy) -> [String] { lora.issues(on: backbone) }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    lora.adapt(backbone, into: &adaptation)
    BitFit().adapt(backbone, into: &adaptation)
  }
}
