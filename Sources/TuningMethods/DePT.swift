public import NeuralNetworks
import TensorEngine

/// Decomposed prompt tuning (Shi & Lipani, 2024): a short soft prompt, and a low-rank update of the
/// frozen word embeddings of the source, trained at two learning rates.
///
/// `X = [P; E + (α/√r)·A·B]`, with `P` `[promptLength, width]`, `A` `[sourceLength, rank]`, `B`
/// `[rank, width]`. Row `i` of `A·B` belongs to position `i` of every source, or counts from the
/// end (`Alignment`). `A` starts uniform in `±1/√rank`, `B` at zero, α is 8, as in the authors'
/// code.
public struct DePT: TuningMethod {
  public static let name = "dept"
  public static let title = "DePT"
  public static let reference = Citation(
    "Shi and Lipani, DePT: decomposed prompt tuning, 2024", arXiv: "2309.05173")
  public static let formula = "X = [P; E + (α/√r)·A·B], P [m, width], A [s, r], B [r, width]"

  /// Which row of `A·B` belongs to which token.
  public enum Alignment: String, Hashable, Sendable, Codable, CaseIterable {
    /// The first row to the first token: the authors' T5, whose sources are padded on the right.
    case start
    /// The last row to the last token: the authors' GPT-2, whose texts are padded on the left.
    case end
  }

  /// The text the authors' prompts start from, spelling included.
  public static let authorsText = "Classify this text is postive or not:"

  /// Soft tokens, *m*; 0 leaves only the low-rank update.
  public var promptLength: Int
  /// The rank of the embedding update, *r*; 0 leaves only the prompt.
  public var rank: Int
  /// The longest source in tokens, *s*.
  public var sourceLength: Int
  /// α of the scale `α/√r`.
  public var alpha: Float
  /// What the prompt starts as.
  public var start: PromptStart
  /// Which row of `A·B` belongs to which token.
  public var alignment: Alignment

  public init(
    promptLength: Int = 40, rank: Int = 45, sourceLength: Int = 256, alpha: Float = 8,
    start: PromptStart = .text(DePT.authorsText), alignment: Alignment = .start
  ) {
    self.promptLength = promptLength
    self.rank = rank
    self.sourceLength = sourceLength
    self.alpha = alpha
    self.start = start
    self.alignment = alignment
  }

  public var defaultLearningRates: LearningRates { LearningRates(0.3, lowRank: 5e-4) }

  public var longestSource: Int? { rank > 0 ? sourceLength : nil }

  public var issues: [String] {
    var issues =
      HyperparameterRange.issue("DePT's promptLength", promptLength, atLeast: 0)
      + HyperparameterRange.issue("DePT's rank", rank, atLeast: 0)
      + HyperparameterRange.issue("DePT's sourceLength", sourceLength, atLeast: 1)
      + start.issues("DePT's prompt")
    if promptLength == 0 && rank == 0 {
      issues.append("DePT with neither prompt nor rank trains nothing")
    }
    return issues
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    if rank > 0 {
      let a = adaptation.parameter(
        "embedding.a", [sourceLength, rank], .kaimingUniform(fanIn: rank), at: site,
        group: .lowRank)
      let b = adaptation.parameter(
        "embedding.b", [rank, site.output], .zeros, at: site, group: .lowRank)
      let scale = alpha / Float(rank).squareRoot()
      adaptation.editInput(site, .tokens) { [sourceLength, alignment] input, pass in
        // Only the rows that some source reaches are multiplied.
        let (count, segments) = (input.segments.longest, input.segments)
        let first = alignment == .start ? 0 : sourceLength - count
        let offsets = scale * pass[a].rows(first..<first + count).matmul(pass[b])
        guard alignment == .end else { return input.adding(byPosition: offsets) }
        var moved = input
        let rows = segments.lengths.flatMap { Int32(count) - $0..<Int32(count) }
        moved.embeddings = input.embeddings.adding(rowsOf: offsets, at: rows)
        return moved
      }
    }
    if promptLength > 0 {
      let prompt = adaptation.parameter(
        "prompt", [promptLength, site.output], start.initializer(), at: site)
      adaptation.editInput(site) { $0.prepending($1[prompt]) }
    }
  }
}

extension DePT {
  /// The rank that spends the budget of a vanilla prompt: the `r` that brings `m·d + (s + d)·r`
  /// closest to `l·d`, for `l` = `vanillaLength` (arXiv 2309.05173, §3.1). Where the quotient is
  /// not whole, the count may exceed the budget by up to half of `s + d`.
  ///
  /// - Precondition: `0 ≤ promptLength ≤ vanillaLength`.
  public static func rank(
    promptLength: Int, matching vanillaLength: Int = 100, width: Int, sourceLength: Int = 256
  ) -> Int {
    precondition(
      (0...vanillaLength).contains(promptLength),
      "a prompt of \(promptLength) does not fit a budget of \(vanillaLength)")
    let size = sourceLength + width
    return (2 * (vanillaLength - promptLength) * width + size) / (2 * size)
  }
}
