import Backbones
import TensorEngine

extension TunedModel {
  /// The natural-log probability of every target token, the end token included, given the tokens
  /// before it (teacher forcing), for each example.
  public func logProbabilities(_ examples: [TokenizedExample]) -> [[Float]] {
    guard !examples.isEmpty else { return [] }
    let target = PackedTokens(examples.map(\.target))
    return target.logProbabilities(
      backbone.model.logits(source: PackedTokens(examples.map(\.source)), target: target, forward))
  }
}
