import Backbones
import TensorEngine

extension TunedModel {
  /// The most probable continuation token by token, for several sources at once; finished rows
  /// leave the batch. The end token is included where it was reached.
  func greedy(_ sources: [[Int]], maximumLength: Int) -> [[Int]] {
    var written: [[Int]] = Array(repeating: [], count: sources.count)
    guard !sources.isEmpty, maximumLength > 0 else { return written }
    let end = backbone.model.endToken
    var session = backbone.model.decoding(
      PackedTokens(sources), queryCount: maximumLength, forward)
    var rows = Array(0..<sources.count)
    var logits = session.advance(nil, parents: [])
    while true {
      let width = logits.shape[1]
      let best = logits.withUnsafeScalars { scores in
        rows.indices.map { row in argmax(scores[row * width..<(row + 1) * width]) }
      }
      for (row, token) in zip(rows, best) { written[row].append(token) }
      let alive = rows.indices.filter {
        best[$0] != end && written[rows[$0]].count < maximumLength
      }
      if alive.isEmpty { return written }
      logits = session.advance(alive.map { Int32(best[$0]) }, parents: alive.map(Int32.init))
      rows = alive.map { rows[$0] }
    }
  }

  /// The place of the largest score, counted from the slice's start; the first of equals.
  private func argmax(_ scores: Slice<UnsafeBufferPointer<Float>>) -> Int {
    var best = scores.startIndex
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best - scores.startIndex
  }
}
