import Datasets
import Testing

@Suite struct FewShotSampleTests {
  let examples = (0..<90).map { Example(source: "\($0)", target: $0 < 80 ? "0" : "1") }

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
    let free = (0..<50).map { Example(source: "s", target: "answer \($0)") }
    #expect(FewShotSample(count: 4, seed: 1).draw(from: free, of: RTE()).count == 4)
  }
}
