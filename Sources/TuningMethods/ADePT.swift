public import NeuralNetworks
import TensorEngine

/// Adaptive decomposed prompt tuning: a short soft prompt, and an offset of every source token's
/// embedding that a shared network makes of the embedding itself,
/// `X = [P; E + relu(E W + b) W' + b']` (arXiv 2501.03291).
///
/// `P` is `[promptLength, width]`, `W` `[width, rank]`, `b` `[rank]`, `W'` `[rank, width]`, `b'`
/// `[width]`. As in the authors' code `W` starts uniform in `±1/√rank` and the rest of the network
/// at zero, so that the offset is zero. Its prompt starts from DePT's text, prompt and network
/// learn at two rates, and a length of 60 with rank 19 is its example for T5-base. That code drops
/// a tenth of what enters the ReLU.
public struct ADePT: TuningMethod {
  public static let name = "adept"
  public static let title = "ADePT"
  public static let reference = Citation(
    "Tang et al., ADePT: adaptive decomposed prompt tuning for parameter-efficient fine-tuning,"
      + " 2025",
    arXiv: "2501.03291")
  public static let formula = "X = [P; E + relu(E·W + b)·W' + b'], P [m, width], W [width, r]"

  /// Soft tokens, *m*; 0 leaves only the offset.
  public var promptLength: Int
  /// The hidden width of the network, *r*.
  public var rank: Int
  /// The probability with which a hidden value is dropped in training.
  public var dropout: Float
  /// What the prompt starts as.
  public var start: PromptStart

  public init(
    promptLength: Int = 60, rank: Int = 19, dropout: Float = 0,
    start: PromptStart = .text(DePT.authorsText)
  ) {
    self.promptLength = promptLength
    self.rank = rank
    self.dropout = dropout
    self.start = start
  }

  public var defaultLearningRates: LearningRates { LearningRates(0.3, lowRank: 1e-4) }

  public var issues: [String] {
    HyperparameterRange.issue("ADePT's promptLength", promptLength, atLeast: 0)
      + HyperparameterRange.issue("ADePT's rank", rank, atLeast: 1)
      + HyperparameterRange.issue("ADePT's dropout", dropping: dropout)
      + start.issues("ADePT's prompt")
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let (width, dropout) = (site.output, dropout)
    func network(_ name: String, _ shape: [Int], _ start: Initializer) -> Parameter {
      adaptation.parameter("offset.\(name)", shape, start, at: site, group: .lowRank)
    }
    let down = network("down.weight", [width, rank], .kaimingUniform(fanIn: rank))
    let downBias = network("down.bias", [rank], .zeros)
    let up = network("up.weight", [rank, width], .zeros)
    let upBias = network("up.bias", [width], .zeros)
    adaptation.editInput(site, .tokens) { input, pass in
      let entering = input.embeddings.matmul(pass[down]) + pass[downBias]
      let hidden = pass.dropped(entering, dropout, site.path, "offset").relu()
      var moved = input
      moved.embeddings = input.embeddings + (hidden.matmul(pass[up]) + pass[upBias])
      return moved
    }
    if promptLength > 0 {
      let prompt = adaptation.parameter(
        "prompt", [promptLength, width], start.initializer(), at: site)
      adaptation.editInput(site) { $0.prepending($1[prompt]) }
    }
  }
}
