import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

/// Values that a plan is made of: ranges, samples, splits.
@Suite struct PlanValuesTests {
  /// The values that `body` gives, and what is said to be wrong.
  private func collecting<Value>(_ body: () -> Value) -> (value: Value, messages: [String]) {
    let (value, issues) = PlanIssueCollector.collecting(body)
    return (value, issues.map(\.message))
  }

  @Test("ranges give round values that end at their bounds")
  func ranges() {
    #expect((1e-4...1e-2).logarithmic(3) == [1e-4, 1e-3, 1e-2])
    #expect((1e-3...0.3).logarithmic(4) == [1e-3, 0.00669433, 0.044814, 0.3])
    #expect((0...0.3).linear(4) == [0, 0.1, 0.2, 0.3])
    #expect((0.25...0.5).linear(1) == [0.25])
    #expect((1...64).logarithmic(4) == [1, 4, 16, 64])
    #expect((20...100).linear(5) == [20, 40, 60, 80, 100])
    #expect((-10...10).linear(3) == [-10, 0, 10])
  }

  @Test("a range that cannot give what is asked for is an issue with its line")
  func badRanges() {
    let (_, issues) = PlanIssueCollector.collecting { (0.0...0.1).logarithmic(3) }
    #expect(issues.first?.location?.line == #line - 1)
    #expect(
      issues.map(\.message) == [
        "`logarithmic` got the range 0.0...0.1; its bounds have to be positive and finite"
      ])
    #expect(
      collecting { (0.1...0.2).linear(0) }.messages == [
        "`linear` was asked for 0 values; ask for at least 1"
      ])
    #expect(
      collecting { (1...3).linear(5) }.messages == [
        "`(1...3).linear(5)` has only 3 different values; ask for fewer"
      ])
    #expect(collecting { (0...8).logarithmic(2) }.messages.count == 1)
    #expect(collecting { (0.1...Double.infinity).linear(2) }.messages.count == 1)
    #expect(collecting { (0.2...0.2).linear(2) }.messages.count == 1)
  }

  @Test("splits spend the budget of a prompt, as the paper's table does")
  func splits() {
    let paper = DePT.splits(
      for: .t5Base, budget: .promptTuning(length: 100), promptLengths: [0, 20, 40, 60, 80])
    #expect(paper.map(\.promptLength) == [0, 20, 40, 60, 80])
    #expect(paper.map(\.rank) == [75, 60, 45, 30, 15])
    #expect(
      paper.allSatisfy { $0.promptLength * 768 + (256 + 768) * $0.rank == 76_800 })
    let small = DePT.splits(
      for: .t5Small, budget: .promptTuning(length: 100), promptLengths: [20, 40, 60, 80])
    #expect(small.map(\.rank) == [53, 40, 27, 13])
    let counted = DePT.splits(
      budget: .parameters(79_560), promptLengths: [60], width: 768, sourceLength: 348)
    #expect(counted.map(\.rank) == [30])
    let known = DePT.splits(
      for: .random(.t5Large), budget: .parameters(102_400), promptLengths: [40])
    #expect(known.map(\.rank) == [48])
  }

  @Test("splits that do not fit are issues")
  func badSplits() {
    #expect(
      collecting {
        DePT.splits(for: .t5Base, budget: .promptTuning(length: 10), promptLengths: [5, 20])
          .map(\.promptLength)
      } == (
        [5],
        [
          "a prompt of 20 vectors of width 768 does not fit a budget of 7680 parameters; leave it "
            + "out"
        ]
      ))
    #expect(
      collecting { DePT.splits(for: "org/name", budget: .parameters(9), promptLengths: [1]) }
        .messages.first?.contains("width of 'org/name' is not known") == true)
    #expect(
      collecting { DePT.splits(for: .t5Base, budget: .parameters(9), promptLengths: []) }
        .messages == ["DePT.splits got no prompt length; give it at least one"])
  }

  private func sample(_ seed: Int, sobol: Bool = false) -> [Double] {
    func run(_ draw: inout Draw) -> Plan {
      Run(LoRA(rank: draw.integer(1...8)), on: .genSentiment, with: .nano)
        .learningRate(draw.logarithmic(1e-3...0.3)).dropout(draw.linear(0...0.5))
    }
    let plan =
      sobol
      ? Samples.sobol(16, seed: seed) { draw in run(&draw) }
      : Samples.random(16, seed: seed) { draw in run(&draw) }
    return plan.entries.map(\.spec.schedule.learningRate)
  }

  @Test("a seed gives the same sample, another one another", arguments: [false, true])
  func seeds(sobol: Bool) {
    let rates = sample(7, sobol: sobol)
    #expect(rates.count == 16 && Set(rates).count == 16)
    #expect(rates.allSatisfy { (1e-3...0.3).contains($0) })
    #expect(rates == sample(7, sobol: sobol) && rates != sample(8, sobol: sobol))
  }

  @Test("a Sobol sample puts one point into each sixteenth of every dimension")
  func even() {
    var parts: [[Double]] = []
    _ = Samples.sobol(16, seed: 3) { draw in
      let values = (0..<5).map { _ in draw.linear(0...1) }
      parts.append(values)
      return Run(LoRA(), on: .genSentiment, with: .nano).learningRate(values[0] + 1e-3)
    }
    for dimension in 0..<5 {
      #expect(Set(parts.map { Int($0[dimension] * 16) }).count == 16)
    }
  }

  @Test("draws that say nothing new are replaced; where there are too few, that is an issue")
  func repeated() {
    let (plan, issues) = PlanIssueCollector.collecting {
      Samples.random(4, seed: 1) { draw in
        Run(LoRA(rank: draw.choice([1, 2, 3, 4])), on: .genSentiment, with: .nano)
      }
    }
    #expect(issues.isEmpty && Set(plan.entries.map(\.spec)).count == 4)
    #expect(
      collecting {
        Samples.sobol(3, seed: 1) { draw in
          Run(LoRA(rank: draw.choice([1, 2])), on: .genSentiment, with: .nano)
        }.count
      } == (
        2,
        ["the sample has only 2 different draws of 3; ask for fewer, or let more vary"]
      ))
    #expect(
      collecting { Samples.random(0, seed: 1) { _ in Plan() }.count }.messages == [
        "a sample of 0 draws has no run; ask for at least 1"
      ])
  }

  @Test("a draw has as many dimensions as there are direction numbers")
  func tooMany() {
    let messages = collecting {
      Samples.sobol(1, seed: 1) { draw in
        let sum = (0..<22).reduce(0.001) { sum, _ in sum + draw.linear(0...0.01) }
        Run(LoRA(), on: .genSentiment, with: .nano).learningRate(sum)
      }
    }.messages
    #expect(
      messages == [
        "a Sobol sample has 21 dimensions, and this is value 22 of one draw; draw fewer, or take "
          + "Samples.random"
      ])
  }
}
