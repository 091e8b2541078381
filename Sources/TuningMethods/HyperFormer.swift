public import NeuralNetworks

/// HyperFormer++ (Mahabadi et al., 2021): adapters whose weights are generated from embeddings of
/// task, layer and place, so that many tasks share what generates and little else.
///
/// After self-attention and the feed-forward sublayer of every block, `[rows, d]`:
/// `y = x + γ ∘ normalise(gelu(x D + b_D) U + b_U) + β`, with `D` `[d, b]`, `U` `[b, d]`, `b_D`
/// `[b]`, and `b_U`, `γ`, `β` `[d]` each linear in `z` `[64]`;
/// `z = norm(relu([task; layer; place] W₀ + b₀) W₁ + b₁)`, a layer norm of its own at the end,
/// `W₀` `[192, 128]`, `W₁` `[128, 64]`. A stack has one generator; the task embeddings `[tasks,
/// 64]` are shared by both. Widths and starting values are those of the authors' code: embeddings
/// normal with deviation 1, every linear layer with 0.01, biases zero. No entry of `γ` and `β` is
/// zero at the start but all are small, with a deviation near 0.08: what the adapter adds has that
/// root mean square, whatever `x` is, and that is all that is promised. Variances get an `ε` of
/// 1e-6.
///
/// On T5-base one generator has 2,581,464 scalars, the norm of `z` (2 · 64) among them; two, and
/// eight task embeddings, are 5,163,440, or 645,430 a task. The DePT paper prints 638k, which no
/// choice of what to count gives; 0.29 % of 220M is that number, and 645,430 is 0.29 % of T5-base.
public struct HyperFormer: TuningMethod {
  public static let name = "hyperformer"
  public static let title = "HyperFormer++"
  public static let reference = Citation(
    "Mahabadi et al., Parameter-efficient multi-task fine-tuning for transformers via shared "
      + "hypernetworks, 2021", arXiv: "2106.04489")
  public static let formula =
    "x + LN(gelu(x·D + b)·U + b'), all generated from task, layer and place"
  public static let countNote: String? =
    "two generators of 2,581,464 on T5-base and 64 a task: 645,430 for each of eight tasks; the"
    + " 638k of the DePT paper is 0.29 % of 220M, and no choice of what to count gives it"

  /// The model's width over that of an adapter, *d/b*; an adapter is at least one wide.
  public var reduction: Int
  /// The width of the embeddings, and of `z`.
  public var embeddingWidth: Int
  /// The inner width of what makes `z` of them.
  public var hiddenWidth: Int

  public init(reduction: Int = 32, embeddingWidth: Int = 64, hiddenWidth: Int = 128) {
    self.reduction = reduction
    self.embeddingWidth = embeddingWidth
    self.hiddenWidth = hiddenWidth
  }

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }
  public var issues: [String] {
    HyperparameterRange.issue("HyperFormer's reduction", reduction, atLeast: 1)
      + HyperparameterRange.issue("HyperFormer's embeddingWidth", embeddingWidth, atLeast: 1)
      + HyperparameterRange.issue("HyperFormer's hiddenWidth", hiddenWidth, atLeast: 1)
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let source = backbone.sourceInput else { return }
    let task = adaptation.parameter(
      "hyper.task", [adaptation.taskCount, embeddingWidth], .normal(1), at: source)
    for input in backbone.inputs() {
      let stack = input.path.stack
      let generator = AdapterGenerator(
        task: task, layerCount: backbone.layerCount(of: stack), width: backbone.width,
        bottleneck: max(1, backbone.width / reduction), hiddenWidth: hiddenWidth, at: input,
        into: &adaptation)
      for site in backbone.calls(.stack(stack) && .sublayers) {
        adaptation.around(site) { x, pass, proceed in generator.adapter(site, pass)(proceed(x)) }
      }
    }
  }
}
