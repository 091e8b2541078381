import Evaluation
import Foundation
import Testing

@Suite struct GoldenMetricTests {
  @Test("scores and outcomes of random predictions are the reference implementations'")
  func golden() throws {
    var judged: Set<String> = []
    for (kind, sample) in try GoldenPredictions.cases() {
      for (name, expected) in sample.scores {
        let metric = try metric(name)
        judged.insert(name)
        let score = metric.score(sample.predictions)
        #expect(abs(score - expected) < 1e-9, "\(name) of \(kind): \(score), not \(expected)")
      }
      for (name, expected) in sample.outcomes {
        let metric = try metric(name)
        let outcomes = try #require(metric.outcomes?(sample.predictions))
        try #require(outcomes.count == expected.count)
        for (index, pair) in zip(outcomes, expected).enumerated() {
          #expect(abs(pair.0 - pair.1) < 1e-9, "\(name) of \(kind), prediction \(index)")
        }
      }
    }
    #expect(judged == Set(Metric.all.map(\.name.rawValue)))
  }

  /// Captions of the file are tokenised.
  private func metric(_ name: String) throws -> Metric {
    let metric = try #require(Metric(named: MetricName(rawValue: name)))
    return metric.pretokenized ?? metric
  }
}
