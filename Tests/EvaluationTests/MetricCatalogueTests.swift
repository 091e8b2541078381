import Evaluation
import Testing

@Suite struct MetricCatalogueTests {
  /// Metrics that find words in two ways are judged in both.
  static let everyWay = Metric.all + Metric.captions(.pretokenized)

  @Test("every metric is found by its name, and names are unique")
  func names() {
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    for metric in Metric.all { #expect(Metric(named: metric.name) == metric) }
    #expect(Metric(named: "acuracy") == nil)
  }

  @Test("the catalogue's names are the command line's")
  func contract() {
    let names = """
      accuracy f1 f1-macro matthews pearson spearman squad-em squad-f1 squad-f1-first multirc-em \
      multirc-f1 record-em record-f1 vqa bleu-1 bleu-2 bleu-3 bleu-4 rouge-l cider
      """
    #expect(Metric.all.map(\.name.rawValue).joined(separator: " ") == names)
  }

  @Test("metrics of captions, and no others, have a form for tokenised texts")
  func pretokenized() {
    let names = Metric.all.filter { $0.pretokenized != nil }.map(\.name.rawValue)
    #expect(names == ["bleu-1", "bleu-2", "bleu-3", "bleu-4", "rouge-l", "cider"])
    for metric in Metric.all {
      guard let other = metric.pretokenized else { continue }
      #expect(other.name == metric.name && other != metric && other.pretokenized == other)
      let split = [
        Prediction("a dog's bed", references: ["a dog 's bed"]),
        Prediction("so many cats here", references: ["so many cats here"]),
      ]
      #expect(metric.score(split) > other.score(split), "\(metric.name)")
    }
  }

  @Test("gold outputs score the most there is, no outputs score 0", arguments: everyWay)
  func gold(_ metric: Metric) {
    let gold = Self.gold(metric)
    #expect(abs(metric.score(gold) - metric.range.upperBound) < 1e-8)
    #expect(metric.score([]) == 0)
    #expect(metric.outcomes.map { $0([]).isEmpty } ?? true)
    for outcome in metric.outcomes?(gold) ?? [] {
      #expect(abs(outcome - metric.range.upperBound) < 1e-8)
    }
    #expect(metric.isBetter(0.6, than: 0.5) && !metric.isBetter(0.5, than: 0.5))
    // One wrong output among them costs something.
    var flawed = gold
    flawed[1].text = "7 wrong"
    #expect(metric.score(flawed) < metric.score(gold) - 1e-3)
  }

  @Test(
    "scores lie in their range and depend neither on order nor on repetition",
    arguments: everyWay)
  func laws(_ metric: Metric) throws {
    for (kind, sample) in try Self.samples() {
      let score = metric.score(sample)
      let bounds = (metric.range.lowerBound - 1e-12)...(metric.range.upperBound + 1e-12)
      #expect(bounds.contains(score), "\(kind)")
      #expect(abs(metric.score(sample.reversed()) - score) < 1e-9, "\(kind)")
      // CIDEr takes n-grams that no reference has for rarer, the more images there are.
      let lasting =
        metric.name == "cider"
        ? sample.map { Prediction($0.references[0], references: $0.references) } : sample
      let change = metric.score(Self.twice(lasting)) - metric.score(lasting)
      // BLEU's constants are larger beside smaller counts.
      #expect(abs(change) < 1e-4, "\(kind)")
    }
  }

  @Test("outcomes belong to their predictions, and have the score as mean where it is one")
  func outcomes() throws {
    for metric in Self.everyWay {
      guard let outcomes = metric.outcomes else {
        #expect(["pearson", "spearman"].contains(metric.name))
        continue
      }
      for (kind, sample) in try Self.samples() {
        let found = outcomes(sample)
        try #require(found.count == sample.count)
        let bounds = (metric.range.lowerBound - 1e-12)...(metric.range.upperBound + 1e-12)
        #expect(found.allSatisfy { bounds.contains($0) }, "\(metric.name) of \(kind)")
        let reversed = outcomes(sample.reversed()).reversed()
        #expect(
          zip(found, reversed).allSatisfy { abs($0 - $1) < 1e-9 }, "\(metric.name) of \(kind)")
        if metric.isMean {
          let mean = found.reduce(0, +) / Double(found.count)
          #expect(abs(mean - metric.score(sample)) < 1e-12, "\(metric.name) of \(kind)")
        }
      }
    }
    #expect(
      Metric.all.filter { !$0.isMean }.map(\.name.rawValue).joined(separator: " ")
        == """
        f1 f1-macro matthews pearson spearman multirc-em multirc-f1 bleu-1 bleu-2 bleu-3 bleu-4
        """)
  }

  // MARK: Predictions

  /// Right outputs of the kind that the metric judges.
  private static func gold(_ metric: Metric) -> [Prediction] {
    let answers =
      metric.words == nil
      ? ["0", "1", "1", "0", "1"]
      : [
        "two dogs run on grass", "red bus near some trees", "man riding his tall horse",
        "kitchen with wooden floors shining",
      ]
    // VQA needs four who agree.
    return answers.map { Prediction($0, references: Array(repeating: $0, count: 10)) }
  }

  /// All of them, and all again as other questions.
  private static func twice(_ sample: [Prediction]) -> [Prediction] {
    sample
      + sample.map {
        Prediction($0.text, references: $0.references, group: $0.group.map { "again \($0)" })
      }
  }

  /// Texts of every kind: every metric has to bear them all.
  private static func samples() throws -> [String: [Prediction]] {
    var samples = try GoldenPredictions.cases().mapValues { Array($0.predictions.prefix(30)) }
    samples["odd"] = [
      Prediction("", references: [""]), Prediction(" \n", references: ["a", ""]),
      Prediction("1", references: ["1", "1"], group: "q"),
      Prediction("0", references: ["1"], group: "q"),
      Prediction("\u{0}é!?…", references: ["é"]), Prediction("...", references: ["!"]),
    ]
    samples["one"] = [Prediction("a cat", references: ["the cat sat"])]
    return samples
  }
}
