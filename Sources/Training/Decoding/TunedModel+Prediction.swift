import Backbones
import Tokenization

extension TunedModel {
  /// What the model writes for each source, as ids without the end token. Sources are batched by
  /// length, so that a batch holds about `batchTokens` source tokens; the order is kept.
  public func predictedIDs(
    _ sources: [[Int]], _ plan: DecodingPlan, batchTokens: Int = 4096
  ) -> [[Int]] {
    var answers: [[Int]] = Array(repeating: [], count: sources.count)
    let order = sources.indices.sorted { (sources[$0].count, $0) < (sources[$1].count, $1) }
    var start = 0
    while start < order.count {
      var (end, tokens) = (start, 0)
      while end < order.count,
        end == start || tokens + sources[order[end]].count <= batchTokens
      {
        tokens += sources[order[end]].count
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
