import Backbones
import TensorEngine

extension TunedModel {
  /// The natural-log probability of every label after every source, end tokens included:
  /// `[source][label]`. Labels are ids that end with the end token.
  ///
  /// The encoder reads each source once, and the decoder all labels of a batch in one pass.
  public func labelLogProbabilities(
    _ sources: [[Int]], labels: [[Int]], batchTokens: Int = 4096
  ) -> [[Float]] {
    let prompt = promptLength
    // A row of logits is as wide as the vocabulary: it weighs more than one of the encoder.
    let rows = 4 * labels.reduce(0) { $0 + $1.count }
    var scores: [[Float]] = Array(repeating: [], count: sources.count)
    for batch in sources.batchedByLength(budget: batchTokens, { $0.count + prompt + rows }) {
      let found = logProbabilities(batch.map { sources[$0] }, labels)
      for (index, row) in zip(batch, found) { scores[index] = row }
    }
    return scores
  }

  /// The place of the most probable label for each source; the first of equals.
  func bestLabels(_ sources: [[Int]], _ labels: [[Int]], batchTokens: Int) -> [Int] {
    labelLogProbabilities(sources, labels: labels, batchTokens: batchTokens).map { scores in
      scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    }
  }

  private func logProbabilities(_ sources: [[Int]], _ labels: [[Int]]) -> [[Float]] {
    let target = PackedTokens(sources.flatMap { _ in labels })
    let logits = backbone.model.logits(
      source: PackedTokens(sources), target: target,
      targetCounts: sources.map { _ in labels.count }, forward)
    let each = target.logProbabilities(logits)
    return sources.indices.map { source in
      labels.indices.map { each[source * labels.count + $0].reduce(0, +) }
    }
  }
}

extension PackedTokens {
  /// The natural-log probability of every token of every sequence under its row of `logits`.
  func logProbabilities(_ logits: Tensor) -> [[Float]] {
    let (logSum, width) = (logits.logSumExp().scalars, logits.shape[1])
    return logits.withUnsafeScalars { scores in
      (0..<segments.count).map { sequence in
        segments.range(sequence).map { scores[$0 * width + Int(ids[$0])] - logSum[$0] }
      }
    }
  }
}
