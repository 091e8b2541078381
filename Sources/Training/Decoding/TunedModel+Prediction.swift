import Backbones
import NeuralNetworks
import Tokenization

extension TunedModel {
  /// What the model writes for each source, as ids without the end token. Sources are batched by
  /// length, so that a batch holds about `batchTokens` rows of its encoder, prompts included, over
  /// all beams; the order is kept.
  public func predictedIDs(
    _ sources: [[Int]], _ plan: DecodingPlan, batchTokens: Int = 4096
  ) -> [[Int]] {
    var answers: [[Int]] = Array(repeating: [], count: sources.count)
    let prompt = adaptation.parameters.filter { $0.name.hasSuffix("/prompt") }
      .reduce(0) { $0 + $1.shape[0] }
    func rows(_ index: Int) -> Int { (sources[index].count + prompt) * max(1, plan.beams) }
    let order = sources.indices.sorted { (sources[$0].count, $0) < (sources[$1].count, $1) }
    var start = 0
    while start < order.count {
      var (end, tokens) = (start, 0)
      while end < order.count,
        end == start || rows(order[end]) <= batchTokens - tokens
      {
        tokens += rows(order[end])
        end += 1
      }
      let batch = order[start..<end].map { sources[$0] }
      let written =
        plan.beams > 1
        ? beamSearch(batch, plan) : greedy(batch, maximumLength: plan.maximumLength)
      for (index, ids) in zip(order[start..<end], written) {
        answers[index] = ids.last == backbone.model.endToken ? Array(ids.dropLast()) : ids
      }
      start = end
    }
    return answers
  }

  /// What the model writes for each source, as text.
  public func predictions(_ sources: [[Int]], _ plan: DecodingPlan) -> [String] {
    predictedIDs(sources, plan).map { backbone.tokenizer.decode($0) }
  }
}
