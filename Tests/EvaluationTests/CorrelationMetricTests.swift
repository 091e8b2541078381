import Evaluation
import Testing

/// Expected numbers are SciPy 1.17.1's.
@Suite struct CorrelationMetricTests {
  static let scores = predictions(
    ["0.4", "1.0", "3.4", "4.8", "junk", "4.4", "2.0"],
    ["0.0", "1.2", "3.4", "5.0", "2.6", "4.4", "1.2"])

  @Test("an output that is no number counts as -1")
  func unparsable() {
    #expect(abs(Metric.pearson.score(Self.scores) - 0.7460068718284806) < 1e-12)
    #expect(abs(Metric.spearman.score(Self.scores) - 0.7748062179181807) < 1e-12)
    for text in ["nan", "inf", "0x1p3", "1e999", "", "3,4"] {
      var other = Self.scores
      other[4].text = text
      #expect(Metric.pearson.score(other) == Metric.pearson.score(Self.scores), "\(text)")
    }
  }

  @Test("constant outputs correlate with nothing")
  func constant() {
    let constant = Self.scores.map { Prediction("0.1", references: $0.references) }
    #expect(Metric.pearson.score(constant) == 0)
    #expect(Metric.spearman.score(constant) == 0)
  }

  @Test("500 pseudo-random numbers score as SciPy scores them")
  func many() {
    let numbers = PseudoRandomSample(count: 500).numbers
    #expect(abs(Metric.pearson.score(numbers) - 0.5715856587429227) < 1e-12)
    #expect(abs(Metric.spearman.score(numbers) - 0.5889968484844639) < 1e-12)
  }
}
