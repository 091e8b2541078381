public import NeuralNetworks
import TensorEngine

/// Prefix tuning: trained keys and values before those of attentions, `K' = [P_K; K]`,
/// `V' = [P_V; V]`, both `[length, inner]` for each attention (arXiv 2101.00190).
///
/// With a hidden width *h* the prefix of a stack is `tanh(E W₀ + b₀) W₁ + b₁`, with `E`
/// `[length, width]`, `W₀` `[width, h]` and `W₁` `[h, 2 · layers · inner]`: of each attention its
/// keys, then its values. All starts as PyTorch's layers do, and a plain prefix normal with
/// deviation 1 as in PEFT. Positions of tokens begin after the prefix.
///
/// Its default targets are the self-attentions of both stacks; PEFT's T5 has
/// `PrefixTuning.decoderSelfAttention` only. Length and rate are those of PEFT's guide for T5.
public struct PrefixTuning: TuningMethod {
  public static let name = "prefix"
  public static let title = "Prefix tuning"
  public static let reference = Citation(
    "Li and Liang, Prefix-tuning: optimizing continuous prompts for generation, 2021",
    arXiv: "2101.00190")
  public static let formula = "K' = [P_K; K], V' = [P_V; V], P [l, inner] for each attention"

  /// The self-attention of every block of every stack.
  public static let selfAttention = SiteSelector.parts(.attention)
  /// The self-attention of the decoder.
  public static let decoderSelfAttention = SiteSelector.stack(.decoder) && .parts(.attention)

  /// Keys and values before every sequence, *l*.
  public var length: Int
  /// The hidden width of the network that makes the prefix; `nil`: it is trained itself.
  public var hiddenWidth: Int?
  /// The attentions it acts on.
  public var targets: SiteSelector

  public init(
    length: Int = 20, hiddenWidth: Int? = nil, targets: SiteSelector = PrefixTuning.selfAttention
  ) {
    self.length = length
    self.hiddenWidth = hiddenWidth
    self.targets = targets
  }

  public var defaultLearningRates: LearningRates { LearningRates(1e-2) }
  public var issues: [String] {
    HyperparameterRange.issue("prefix tuning's length", length, atLeast: 1)
      + (hiddenWidth.map {
        HyperparameterRange.issue("prefix tuning's hiddenWidth", $0, atLeast: 1)
      } ?? [])
  }

  public func issues(on backbone: Anatomy) -> [String] {
    HyperparameterRange.issues("prefix tuning's targets", targets, backbone.attentions(targets))
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    for input in backbone.inputs() {
      let sites = backbone.attentions(.stack(input.path.stack) && targets)
      guard !sites.isEmpty else { continue }
      if let hiddenWidth {
        reparametrize(sites, input, hiddenWidth, into: &adaptation)
      } else {
        for site in sites { prepend(site, into: &adaptation) }
      }
      guard sites.contains(where: { $0.path.part == .attention }) else { continue }
      adaptation.editInput(input) { [length] input, _ in
        var moved = input
        moved.firstPosition += length
        return moved
      }
    }
  }

  /// A prefix that is trained itself.
  private func prepend(_ site: Site<Attention>, into adaptation: inout Adaptation) {
    let key = adaptation.parameter("prefix.key", [length, site.output], .normal(1), at: site)
    let value = adaptation.parameter("prefix.value", [length, site.output], .normal(1), at: site)
    adaptation.editMemory(site) { $0.prepending(keys: $1[key], values: $1[value]) }
  }

  /// The prefixes of a stack, made by one network.
  private func reparametrize(
    _ sites: [Site<Attention>], _ input: Site<Embedding>, _ hidden: Int,
    into adaptation: inout Adaptation
  ) {
    let vectors = adaptation.parameter(
      "prefix.embedding", [length, input.output], .normal(1), at: input)
    let widths = sites.map(\.output)
    let layers = [(input.output, hidden), (hidden, 2 * widths.reduce(0, +))].enumerated().map {
      TrainedLinear("prefix.mlp.\($0)", $1.0, $1.1, at: input, into: &adaptation)
    }
    var first = 0
    for (site, width) in zip(sites, widths) {
      let (keys, values) = (first..<first + width, first + width..<first + 2 * width)
      first += 2 * width
      adaptation.editMemory(site) { memory, pass in
        let prefix = pass.once(input.path, "prefix") {
          layers[1](layers[0](pass[vectors], pass).tanh(), pass)
        }
        return memory.prepending(keys: prefix.columns(keys), values: prefix.columns(values))
      }
    }
  }
}
