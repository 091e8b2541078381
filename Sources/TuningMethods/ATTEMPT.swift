public import NeuralNetworks
import TensorEngine

/// Attentional mixture of prompt tuning: every source text gets a prompt of its own, the target
/// task's plus a mixture of held source prompts and the target's (arXiv 2205.11961).
///
/// `X = [P + Σ_j a_j P_j; E]`, `a = softmax(p_j · h / T)` over the sources and the target, with
/// `h = LN(SiLU(x W_down) W_up)`, `W_down` `[width, 100]`, `W_up` `[100, width]`. `x` is the
/// maximum of `E` over tokens and `p_j` that of `P_j` over rows, both `[width]`; `P`, `P_j` are
/// `[length, width]`. In a run on several tasks each has its `P`, and the rest is shared.
///
/// The six sources of the paper's code are prompts for MNLI, QNLI, QQP, SST-2, SQuAD and ReCoRD.
/// *T* is 2087 in its configurations, which is e times T5-base's width, and 2000 where they say
/// nothing. There, padding enters the maximum over tokens; here nothing is padded.
public struct ATTEMPT: TuningMethod {
  public static let name = "attempt"
  public static let title = "ATTEMPT"
  public static let reference = Citation(
    "Asai et al., ATTEMPT: parameter-efficient multi-task tuning via attentional mixtures of soft"
      + " prompts, 2022", arXiv: "2205.11961")
  public static let formula =
    "X = [P + Σ a_j·P_j; E], a = softmax(max P_j · LN(SiLU(max E·W_down)·W_up) / T), P [l, width]"
  public static let countNote: String? =
    "on T5-base 231,936; with eight tasks, which share what weighs the prompts, 96,192 a task"

  /// Soft tokens, *l*; those of the sources too.
  public var length: Int
  /// The source prompts: as many adapters are started from.
  public var sourceCount: Int
  /// The inner width of the attention.
  public var attentionWidth: Int
  /// *T*: the higher, the more alike the shares of all prompts.
  public var temperature: Float
  /// What the target's prompt starts as.
  public var start: PromptStart

  public init(
    length: Int = 100, sourceCount: Int = 6, attentionWidth: Int = 100, temperature: Float = 2087,
    start: PromptStart = .sampledVocabulary
  ) {
    self.length = length
    self.sourceCount = sourceCount
    self.attentionWidth = attentionWidth
    self.temperature = temperature
    self.start = start
  }

  /// As many sources as the run of a paper has: 64 at most.
  static let largestSourceCount = 64

  public var defaultLearningRates: LearningRates { LearningRates(0.3) }
  public var sources: ClosedRange<Int> { sourceCount...sourceCount }

  public var issues: [String] {
    var issues =
      HyperparameterRange.issue("ATTEMPT's length", length, atLeast: 1)
      + HyperparameterRange.issue("ATTEMPT's sourceCount", sourceCount, atLeast: 1)
      + HyperparameterRange.issue("ATTEMPT's attentionWidth", attentionWidth, atLeast: 1)
      + HyperparameterRange.issue("ATTEMPT's temperature", temperature, above: 0)
      + start.issues("ATTEMPT's prompt")
    if sourceCount > Self.largestSourceCount {
      issues.append("ATTEMPT mixes \(Self.largestSourceCount) sources at most, not \(sourceCount)")
    }
    return issues
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let (length, width, taskCount) = (length, site.output, adaptation.taskCount)
    let prompts = adaptation.parameter(
      "prompt", [taskCount * length, width], start.initializer(), at: site)
    let held = (0..<sourceCount).map { index in
      adaptation.held(
        "source.\(index)", [length, width], .source(index, "\(site.path)/prompt"), at: site)
    }
    let attention = PromptAttention(attentionWidth, temperature, at: site, into: &adaptation)
    adaptation.editInput(site) { input, pass in
      let own = pass[prompts].rows(pass.task * length..<(pass.task + 1) * length)
      let all = Tensor(joiningRows: held.map { pass[$0] } + [own])
      let shares = attention(input, to: all, length, pass)
      let mixed = shares.matmul(all.reshaped([held.count + 1, length * width]))
      let each = mixed + own.reshaped([length * width])
      return input.prepending(each: each.reshaped([input.segments.count * length, width]))
    }
  }

  /// How much of each prompt each source text gets.
  private struct PromptAttention: Sendable {
    let down, up, normWeight, normBias: Parameter
    let sharpness: Float

    init(
      _ attentionWidth: Int, _ temperature: Float, at site: Site<Embedding>,
      into adaptation: inout Adaptation
    ) {
      let width = site.output
      down = adaptation.parameter(
        "attention.down", [width, attentionWidth], .kaimingUniform(fanIn: width), at: site)
      up = adaptation.parameter(
        "attention.up", [attentionWidth, width], .kaimingUniform(fanIn: attentionWidth), at: site)
      normWeight = adaptation.parameter("attention.norm.weight", [width], .ones, at: site)
      normBias = adaptation.parameter("attention.norm.bias", [width], .zeros, at: site)
      sharpness = 1 / temperature
    }

    /// Shares `[sequences, prompts]` that add up to 1, of stacked prompts `[prompts · length,
    /// width]`.
    func callAsFunction(
      _ input: EmbeddedInput, to prompts: Tensor, _ length: Int, _ pass: Pass
    ) -> Tensor {
      let texts = input.embeddings.maximum(of: input.segments)
      let inner = texts.matmul(pass[down]).silu().matmul(pass[up])
      // ε is that of PyTorch's LayerNorm.
      let queries = inner.layerNorm(weight: pass[normWeight], bias: pass[normBias], epsilon: 1e-5)
      let count = prompts.shape[0] / length
      let keys = prompts.maximum(of: Segments(lengths: Array(repeating: length, count: count)))
      return (sharpness * queries.matmul(keys, transposingRHS: true)).softmax()
    }
  }
}
