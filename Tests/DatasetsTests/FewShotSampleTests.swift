import Datasets
import Testing

@Suite struct FewShotSampleTests {
  let examples = Examples(
    (0..<90).map { Example(source: "\($0)", target: $0 < 80 ? "0" : "1") })

  @Test("classes get equal shares, and what is over comes from any class")
  func balanced() {
    let sample = FewShotSample(count: 17, seed: 3).draw(from: examples, of: RTE())
    #expect(sample.count == 17)
    #expect(Set(sample).count == 17)
    let ones = sample.count { $0.target == "1" }
    #expect(ones == 8 || ones == 9)
  }

  @Test("a class with too few examples is made up for by the others")
  func scarce() {
    let sample = FewShotSample(count: 60, seed: 1).draw(from: examples, of: RTE())
    #expect(sample.count == 60)
    #expect(sample.count { $0.target == "1" } == 10)
  }

  @Test("the seed decides the sample; more than there is gives all")
  func seeds() {
    let first = FewShotSample(count: 16, seed: 1).draw(from: examples, of: RTE())
    #expect(FewShotSample(count: 16, seed: 1).draw(from: examples, of: RTE()) == first)
    #expect(FewShotSample(count: 16, seed: 2).draw(from: examples, of: RTE()) != first)
    let all = FewShotSample(count: 1000, seed: 1).draw(from: examples, of: RTE())
    #expect(Set(all) == Set(examples))
  }

  @Test("fewer examples than classes are drawn from any class")
  func fewerThanClasses() {
    let free = Examples((0..<50).map { Example(source: "s", target: "answer \($0)") })
    #expect(FewShotSample(count: 4, seed: 1).draw(from: free, of: RTE()).count == 4)
  }

  @Test("a balanced sample is what the rule of the paper's code chooses, made whole")
  func golden() throws {
    for expected in try GoldenSplits.read().fewShot {
      let examples = Examples(
        expected.classes.enumerated().map { Example(source: "\($0)", target: "\($1)") })
      let sample = FewShotSample(count: expected.count, seed: expected.seed)
        .draw(from: examples, of: RTE())
      let places = sample.compactMap { Int($0.source) }
      #expect(Array(places.prefix(expected.chosen.count)) == expected.chosen)
      #expect(places.count == min(expected.count, examples.count))
      #expect(Set(places).count == places.count)
    }
  }

  @Test("a random sample is the start of the shuffled examples, whatever the classes")
  func random() {
    let sample = FewShotSample(count: 12, seed: 42, rule: .random)
      .draw(from: examples, of: RTE())
    let order = TorchPermutation.indices(90, seed: 42)
    #expect(sample.compactMap { Int($0.source) } == Array(order.prefix(12)))
    let all = FewShotSample(count: 91, seed: 42, rule: .random).draw(from: examples, of: RTE())
    #expect(all.count == 90)
  }

  @Test("three seeds give three samples of STS-B with both halves in each")
  func halves() {
    let scores = Examples(
      (0..<100).map { Example(source: "\($0)", target: "x", references: ["\(Double($0) / 20)"]) })
    let samples = [1, 2, 3].map {
      FewShotSample(count: 16, seed: $0).draw(from: scores, of: STSB())
    }
    #expect(Set(samples).count == 3)
    for sample in samples {
      let low = sample.count { STSB().fewShotClass(of: $0) == "0" }
      #expect((7...9).contains(low))
    }
  }
}
