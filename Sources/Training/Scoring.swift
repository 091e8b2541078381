import Backbones
import TensorEngine

extension TunedModel {
  /// The natural-log probability of every target token, the end token included, given the tokens
  /// before it (teacher forcing), for each example.
  public func logProbabilities(_ examples: [TokenizedExample]) -> [[Float]] {
    guard !examples.isEmpty else { return [] }
    let target = PackedTokens(examples.map(\.target))
    let logits = backbone.model.logits(
      source: PackedTokens(examples.map(\.source)), target: target, forward)
    let (logSum, width) = (logits.logSumExp().scalars, logits.shape[1])
    return logits.withUnsafeScalars { scores in
      (0..<examples.count).map { sequence in
        target.segments.range(sequence).map { row in
          scores[row * width + Int(target.ids[row])] - logSum[row]
        }
      }
    }
  }
}
