import Evaluation
import Foundation
import Testing

@Suite struct CaptionMetricTests {
  @Test("BLEU clips repeated words and takes the closest reference length, the shorter of two")
  func bleu() {
    let repeated = Prediction("the the the the", references: ["the cat", "the the"])
    #expect(abs(Metric.bleu(1, .pretokenized).score([repeated]) - 0.5) < 1e-8)
    // 3 and 5 are as close to 4: no brevity penalty.
    let between = Prediction("a b c d", references: ["a b c d e", "a b c"])
    #expect(abs(Metric.bleu(1, .pretokenized).score([between]) - 1) < 1e-8)
    let brief = Prediction("a b", references: ["a b c d"])
    #expect(abs(Metric.bleu(2, .pretokenized).score([brief]) - exp(-1)) < 1e-8)
  }

  @Test("ROUGE-L takes precision and recall from different references")
  func rouge() {
    let prediction = Prediction("a b c d", references: ["a x c y d e f g", "b"])
    // Precision 3/4 of the first, recall 1 of the second.
    let expected = 2.44 * 0.75 / (1 + 1.44 * 0.75)
    #expect(abs(Metric.rougeL.score([prediction]) - expected) < 1e-12)
  }

  @Test("CIDEr of a single image is 0; what all images have counts nothing")
  func cider() {
    #expect(Metric.cider.score([Prediction("a red bus", references: ["a red bus"])]) == 0)
    let images = [
      Prediction("the", references: ["the dog"]), Prediction("cat", references: ["the cat"]),
    ]
    let outcomes = Metric.cider.outcomes?(images) ?? []
    #expect(outcomes.first == 0 && (outcomes.last ?? 0) > 0)
  }

  @Test(
    "the public scorers' numbers for 126 real captions are reproduced",
    .enabled(if: shared(CaptionScores.path) != nil, "needs the shared golden files"))
  func golden() throws {
    let file = try #require(shared(CaptionScores.path))
    let expected = try JSONDecoder().decode(CaptionScores.self, from: Data(contentsOf: file))
    let images = try expected.order.map { try #require(expected.tokenised[$0]) }
    let predictions = images.map { Prediction($0.res, references: $0.refs) }
    let perImage = try expected.order.map { try #require(expected.per_image[$0]) }
    func check(_ metric: Metric, _ name: String, _ outcomes: [Double]) throws {
      let score = try #require(expected.corpus[name])
      #expect(abs(metric.score(predictions) - score) < 1e-9, "\(name)")
      let found = try #require(metric.outcomes?(predictions))
      #expect(zip(found, outcomes).allSatisfy { abs($0 - $1) < 1e-9 }, "\(name)")
    }
    #expect(predictions.count == 126)
    for order in 1...4 {
      try check(
        .bleu(order, .pretokenized), "Bleu_\(order)", perImage.map { $0.bleu[order - 1] })
    }
    try check(.rougeL(.pretokenized), "ROUGE_L", perImage.map(\.rouge_l))
    try check(.cider(.pretokenized), "CIDEr", perImage.map(\.cider))
  }
}

private struct CaptionScores: Decodable {
  static let path = "golden/caption_scores_fakecap2014_126.json"

  struct Image: Decodable {
    var res: String
    var refs: [String]
  }
  struct Scores: Decodable {
    var cider: Double
    var rouge_l: Double
    var bleu: [Double]
  }
  var corpus: [String: Double]
  var order: [String]
  var tokenised: [String: Image]
  var per_image: [String: Scores]
}
