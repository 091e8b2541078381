import Backbones
import Foundation
import TensorEngine

extension TunedModel {
  /// Beam search for one source after the other's bookkeeping, batched in the model: the ids of
  /// the best finished hypothesis of each source, by summed log-probability over
  /// `length^lengthPenalty`, as transformers' `generate` ranks them.
  func beamSearch(_ sources: [[Int]], _ plan: DecodingPlan) -> [[Int]] {
    guard !sources.isEmpty, plan.maximumLength > 0 else { return sources.map { _ in [] } }
    let end = backbone.model.endToken
    var searches = sources.map { _ in BeamSearch(plan, endToken: end) }
    var session = backbone.model.decoding(
      PackedTokens(sources), queryCount: plan.beams * plan.maximumLength, forward)
    var logits = session.advance(nil, parents: [])
    while true {
      let width = logits.shape[1]
      let logSum = logits.logSumExp().scalars
      var tokens: [Int32] = []
      var parents: [Int32] = []
      var row = 0
      logits.withUnsafeScalars { scores in
        for index in searches.indices {
          let count = searches[index].liveCount
          for (parent, token) in searches[index].advance(
            { beam, token in scores[(row + beam) * width + token] - logSum[row + beam] },
            vocabulary: width)
          {
            parents.append(Int32(row + parent))
            tokens.append(Int32(token))
          }
          row += count
        }
      }
      if tokens.isEmpty { return searches.map(\.best) }
      logits = session.advance(tokens, parents: parents)
    }
  }
}
