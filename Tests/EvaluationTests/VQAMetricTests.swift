import Evaluation
import Testing

@Suite struct VQAMetricTests {
  @Test(
    "an answer that n of ten annotators gave scores n/3, averaged over leaving one out",
    arguments: zip([0, 1, 2, 3, 4, 10], [0, 0.3, 0.6, 0.9, 1, 1]))
  func agreement(_ annotators: Int, _ expected: Double) {
    let others = (annotators..<10).map { "answer \($0)" }
    let prediction = Prediction(
      "Red.", references: Array(repeating: "red", count: annotators) + others)
    let score = Metric.vqa.score([prediction])
    // Ten who agree are compared with as they are: the full stop is a difference.
    #expect(abs(score - (annotators == 10 ? 0 : expected)) < 1e-12)
  }

  @Test("texts are normalised unless all annotators agree; letter case never counts")
  func agreeing() {
    #expect(judge("YES", Array(repeating: "yes", count: 10)) == 1)
    #expect(judge("two", Array(repeating: "2", count: 10)) == 0)
    #expect(judge("two", Array(repeating: "2", count: 9) + ["3"]) == 1)
  }

  @Test("fewer annotators than ten are left out in turn as well")
  func few() {
    #expect(judge("red", ["red"]) == 0)
    #expect(abs(judge("red", ["red", "red", "red"]) - 2.0 / 3) < 1e-12)
    #expect(judge("red", ["red", "red", "red", "red"]) == 1)
  }

  @Test(
    "normalisation",
    arguments: [
      ("The Two  dogs.", "2 dogs"), ("none", "0"), ("dont", "don't"),
      ("couldntve", "couldntve"), ("couldnt've", "couldn't've"), ("yall'd've", "y'all'd've"),
      ("1,000", "1000"), ("black-white", "black white"), ("black - white", "black white"),
      ("black- white-red", "black whitered"), ("3.5", "3.5"), ("p.m.", "pm"), ("she’s", "she’s"),
      ("5,000-ton", "5000ton"), ("well?", "well"), ("an apple", "apple"),
    ])
  func normalization(_ text: String, _ normalized: String) {
    // The last annotator disagrees, so that texts are normalised.
    #expect(judge(text, Array(repeating: normalized, count: 9) + ["else"]) == 1)
    #expect(judge(text + "x", Array(repeating: normalized, count: 9) + ["else"]) == 0)
  }

  private func judge(_ answer: String, _ references: [String]) -> Double {
    Metric.vqa.score([Prediction(answer, references: references)])
  }
}
