import Evaluation
import Foundation
import Testing

@Suite struct SQuADMetricTests {
  @Test("normalisation lowers, strips punctuation, drops articles and squeezes spaces")
  func normalization() {
    #expect(exact("The  U.S.A.", "usa"))
    #expect(exact("an apple -- a day", "apple day"))
    #expect(exact("the–end", "–end"))
    #expect(!exact("theatre", "atre"))
    #expect(!exact("“quoted”", "quoted"))
    #expect(exact("a.n", "an") && exact("a.n", "the"))
  }

  @Test("the best of several references counts; squad-f1-first looks at the first only")
  func references() {
    let prediction = Prediction("in Paris today", references: ["Rome", "Paris"])
    #expect(Metric.squadF1.score([prediction]) == 0.5)
    #expect(Metric.squadF1First.score([prediction]) == 0)
    #expect(Metric.squadExactMatch.score([prediction]) == 0)
  }

  @Test("words count with multiplicity")
  func multiplicity() {
    let prediction = Prediction("x x x", references: ["x y"])
    #expect(abs(Metric.squadF1.score([prediction]) - 0.4) < 1e-12)
  }

  @Test(
    "the reference scorer's numbers for a real set of answers are reproduced",
    .enabled(if: shared("golden/xquad_en_scores.json") != nil, "needs the shared golden files"))
  func golden() throws {
    let scores = try decode([String: Scores].self, "golden/xquad_en_scores.json")
    let questions = try decode(SQuADFile.self, "golden/xquad.en.json")
    let answers = try decode([String: String].self, "golden/pred_v1.1_LogReg.json")
    let expected = try #require(scores["LogReg"])
    let scored = questions.data.flatMap(\.paragraphs).flatMap(\.qas).map {
      Prediction(answers[$0.id] ?? "", references: $0.answers.map(\.text))
    }
    #expect(scored.count == expected.n)
    #expect(abs(100 * Metric.squadExactMatch.score(scored) - expected.exact_match) < 1e-9)
    #expect(abs(100 * Metric.squadF1.score(scored) - expected.f1) < 1e-9)
  }

  private func exact(_ output: String, _ reference: String) -> Bool {
    Metric.squadExactMatch.score([Prediction(output, references: [reference])]) == 1
  }

  private func decode<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
    let url = try #require(shared(path))
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}

private struct Scores: Decodable {
  var n: Int
  var exact_match: Double
  var f1: Double
}

private struct SQuADFile: Decodable {
  struct Article: Decodable { var paragraphs: [Paragraph] }
  struct Paragraph: Decodable { var qas: [Question] }
  struct Question: Decodable {
    var id: String
    var answers: [Answer]
  }
  struct Answer: Decodable { var text: String }
  var data: [Article]
}
