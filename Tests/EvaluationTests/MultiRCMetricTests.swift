import Evaluation
import Foundation
import Testing

@Suite struct MultiRCMetricTests {
  static let answers = [
    Prediction("1", references: ["1"], group: "0"), Prediction("0", references: ["0"], group: "0"),
    Prediction("1", references: ["1"], group: "1"), Prediction("1", references: ["0"], group: "1"),
    Prediction("true", references: ["1"]), Prediction(" 1", references: ["1"]),
  ]

  @Test("a question is right if all its answers are; without a group an answer is a question")
  func exactMatch() {
    #expect(Metric.multiRCExactMatch.score(Self.answers) == 0.5)
    #expect(Metric.multiRCExactMatch.outcomes?(Self.answers) == [1, 1, 0, 0, 0, 1])
  }

  @Test("F1 counts answers, whatever their question")
  func f1() {
    // 3 right ones found, one too many, one missed.
    #expect(Metric.multiRCF1.score(Self.answers) == 0.75)
    #expect(Metric.multiRCF1.outcomes?(Self.answers) == [1, 1, 1, 0, 0, 1])
  }

  @Test("a prediction without a group is written without one, and read back")
  func coding() throws {
    for prediction in [Self.answers[0], Self.answers[4]] {
      let data = try JSONEncoder().encode(prediction)
      #expect(try JSONDecoder().decode(Prediction.self, from: data) == prediction)
      let hasGroup = String(decoding: data, as: UTF8.self).contains("group")
      #expect(hasGroup == (prediction.group != nil))
    }
  }
}
