import Foundation

/// The beams of one source: a value that is told scores and answers which beams to continue.
struct BeamSearch {
  private struct Beam {
    var tokens: [Int]
    var score: Double
  }

  private let plan: DecodingPlan
  private let endToken: Int
  private var live = [Beam(tokens: [], score: 0)]
  private var finished: [Beam] = []  // scores here are already divided by length

  init(_ plan: DecodingPlan, endToken: Int) {
    self.plan = plan
    self.endToken = endToken
  }

  /// Beams still growing: the rows this source has in the batch.
  var liveCount: Int { live.count }

  /// The best hypothesis, its end token included where it was reached.
  var best: [Int] { finished.max { $0.score < $1.score }?.tokens ?? live.first?.tokens ?? [] }

  /// Grows by one token.
  ///
  /// - Parameter logProbability: of a token after a live beam.
  /// - Returns: for each beam that goes on the beam it continues, ascending, and its new token;
  ///   nothing when the search is over.
  mutating func advance(
    _ logProbability: (_ beam: Int, _ token: Int) -> Float, vocabulary: Int
  ) -> [(parent: Int, token: Int)] {
    guard !live.isEmpty else { return [] }
    var next: [(parent: Int, token: Int, score: Double)] = []
    for (rank, candidate) in candidates(logProbability, vocabulary).enumerated() {
      if candidate.token == endToken {
        // An ending counts only while it ranks among the beams themselves.
        if rank < plan.beams {
          finish(live[candidate.parent].tokens + [endToken], candidate.score)
        }
      } else if next.count < plan.beams {
        next.append(candidate)
      }
    }
    let length = (live.first?.tokens.count ?? 0) + 1
    if isOver(bestLive: next.first?.score ?? -.infinity, length: length) {
      live = []
      return []
    }
    if length >= plan.maximumLength {
      for candidate in next {
        finish(live[candidate.parent].tokens + [candidate.token], candidate.score)
      }
      live = []
      return []
    }
    next.sort { ($0.parent, -$0.score, $0.token) < ($1.parent, -$1.score, $1.token) }
    live = next.map { Beam(tokens: live[$0.parent].tokens + [$0.token], score: $0.score) }
    return next.map { ($0.parent, $0.token) }
  }

  /// The `2 · beams` best continuations, best first; equal scores by beam, then token.
  private func candidates(
    _ logProbability: (_ beam: Int, _ token: Int) -> Float, _ vocabulary: Int
  ) -> [(parent: Int, token: Int, score: Double)] {
    let wanted = 2 * plan.beams
    var best: [(parent: Int, token: Int, score: Double)] = []
    for (parent, beam) in live.enumerated() {
      for token in 0..<vocabulary {
        let score = beam.score + Double(logProbability(parent, token))
        if best.count == wanted, score <= best[wanted - 1].score { continue }
        let place = best.firstIndex { $0.score < score } ?? best.count
        best.insert((parent, token, score), at: place)
        if best.count > wanted { best.removeLast() }
      }
    }
    return best
  }

  private mutating func finish(_ tokens: [Int], _ score: Double) {
    let normalized = score / pow(Double(tokens.count), plan.lengthPenalty)
    finished.append(Beam(tokens: tokens, score: normalized))
    finished.sort { $0.score > $1.score }
    if finished.count > plan.beams { finished.removeLast() }
  }

  /// Whether no live beam can beat the worst of enough finished ones at this length.
  private func isOver(bestLive: Double, length: Int) -> Bool {
    guard finished.count >= plan.beams, let worst = finished.last else { return false }
    return worst.score >= bestLive / pow(Double(length), plan.lengthPenalty)
  }
}
