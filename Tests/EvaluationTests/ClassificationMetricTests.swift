import Evaluation
import Testing

/// Expected numbers are scikit-learn 1.9.1's.
@Suite struct ClassificationMetricTests {
  static let binary = predictions(
    ["1", "0", "0", "1", "1", "1", "0", "banana", "", "0"],
    ["1", "0", "1", "1", "0", "1", "0", "0", "1", "0"])
  static let ternary = predictions(
    ["0", "2", "2", "0", "1", "1", "0", "1", "1", "junk", "2", "1"],
    ["0", "1", "2", "0", "1", "2", "0", "1", "0", "2", "0", "1"])

  @Test("accuracy counts an unknown output as wrong and ignores white space around it")
  func accuracy() {
    #expect(Metric.accuracy.score(Self.binary) == 0.6)
    #expect(Metric.accuracy.score([Prediction(" 1\n", references: ["1"])]) == 1)
    #expect(Metric.accuracy.score([Prediction("b", references: ["a", "b"])]) == 1)
  }

  @Test("f1 turns an output that is neither 0 nor 1 into the wrong one of them")
  func f1() {
    #expect(abs(Metric.f1.score(Self.binary) - 0.6) < 1e-12)
    #expect(Metric.f1.score(predictions(["0", "0"], ["0", "0"])) == 0)
    #expect(Metric.f1.score(predictions(["x", "1"], ["0", "1"])) == 2.0 / 3)
  }

  @Test("f1-macro averages over the labels and gives unknown outputs no class of their own")
  func macroF1() {
    #expect(abs(Metric.macroF1.score(Self.ternary) - 0.5833333333333333) < 1e-12)
    let absent = predictions(["0", "0", "0"], ["0", "0", "1"])
    #expect(abs(Metric.macroF1.score(absent) - 0.4) < 1e-12)
    #expect(abs(Metric.macroF1(labels: ["0", "1", "2"]).score(absent) - 0.8 / 3) < 1e-12)
  }

  @Test("matthews is the multi-class coefficient, unknown outputs being classes of their own")
  func matthews() {
    #expect(abs(Metric.matthews.score(Self.binary) - 0.3481553119113957) < 1e-12)
    #expect(abs(Metric.matthews.score(Self.ternary) - 0.41256849850351734) < 1e-12)
    #expect(Metric.matthews.score(predictions(["1", "1"], ["0", "1"])) == 0)
  }

  @Test("500 pseudo-random predictions score as scikit-learn scores them")
  func many() {
    let sample = PseudoRandomSample(count: 500)
    #expect(abs(Metric.accuracy.score(sample.classes) - 0.784) < 1e-12)
    #expect(abs(Metric.macroF1.score(sample.classes) - 0.8801181067911404) < 1e-12)
    #expect(abs(Metric.matthews.score(sample.classes) - 0.7387814684843137) < 1e-12)
    #expect(abs(Metric.f1.score(sample.binary) - 0.71875) < 1e-12)
  }
}

/// Pairs outputs with their single references.
func predictions(_ outputs: [String], _ references: [String]) -> [Prediction] {
  zip(outputs, references).map { Prediction($0, references: [$1]) }
}
