import Backbones
import NeuralNetworks
import Tokenization

extension TunedModel {
  /// What the model answers to each source, as ids without the end token. Sources are batched by
  /// length, so that a batch holds about `batchTokens` rows of its encoder, prompts included, over
  /// all beams; the order is kept.
  public func predictedIDs(
    _ sources: [[Int]], _ plan: DecodingPlan, batchTokens: Int = 4096
  ) -> [[Int]] {
    if let labels = plan.labels {
      let ids = labels.map { backbone.targetIDs($0) }
      return bestLabels(sources, ids, batchTokens: batchTokens).map {
        Array(ids[$0].dropLast())
      }
    }
    let (prompt, end) = (promptLength, backbone.model.endToken)
    var answers: [[Int]] = Array(repeating: [], count: sources.count)
    let batches = sources.batchedByLength(budget: batchTokens) {
      ($0.count + prompt) * max(1, plan.beams)
    }
    for batch in batches {
      let read = batch.map { sources[$0] }
      let written =
        plan.beams > 1 ? beamSearch(read, plan) : greedy(read, maximumLength: plan.maximumLength)
      for (index, ids) in zip(batch, written) {
        answers[index] = ids.last == end ? Array(ids.dropLast()) : ids
      }
    }
    return answers
  }

  /// What the model answers to each source, as text.
  public func predictions(_ sources: [[Int]], _ plan: DecodingPlan) -> [String] {
    guard let labels = plan.labels else {
      return predictedIDs(sources, plan).map { backbone.tokenizer.decode($0) }
    }
    // Not decoded from ids: a tokenizer may not give back what it was given.
    let ids = labels.map { backbone.targetIDs($0) }
    return bestLabels(sources, ids, batchTokens: 4096).map { labels[$0] }
  }
}
