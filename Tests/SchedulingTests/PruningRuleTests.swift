import Experiments
import Scheduling
import Testing

@Suite("A rule of pruning")
struct PruningRuleTests {
  @Test("says after which steps a group is compared")
  func rungs() {
    let halving = PruningRule.successiveHalving(factor: 3, from: 20)
    #expect(halving.rungs(before: 600) == [20, 60, 180, 540])
    #expect(halving.rungs(before: 60) == [20])
    #expect(halving.rungs(before: 20).isEmpty)
    #expect(PruningRule.median(after: 50, every: 25).rungs(before: 120) == [50, 75, 100])
    // What makes no sense ends all the same.
    #expect(PruningRule.successiveHalving(factor: 0, from: 0).rungs(before: 5) == [1, 2, 4])
    #expect(PruningRule.median(after: 0, every: 0).rungs(before: 4) == [1, 2, 3])
    #expect(PruningRule.successiveHalving(factor: .max, from: 3).rungs(before: .max) == [3])
  }

  @Test("lets the best of them go on, the first of equals, and never one without a value")
  func halving() {
    let rule = PruningRule.successiveHalving(factor: 2, from: 1)
    #expect(rule.survivors(of: [0.1, 0.4, 0.3, 0.2]) == [1, 2])
    #expect(rule.survivors(of: [0.2, 0.2, 0.2, 0.2]) == [0, 1])
    #expect(rule.survivors(of: [nil, 0.1, nil, .nan]) == [1])
    #expect(rule.survivors(of: [0.1, 0.2, 0.3, 0.3, 0.9]) == [2, 4])
    #expect(rule.survivors(of: [0.5]) == [0])
    #expect(rule.survivors(of: []).isEmpty)
    // A run that failed took one of the places of those that are worse.
    #expect(rule.survivors(of: [nil, 0.1, 0.2, 0.3]) == [2, 3])
    // Nobody was judged, so nobody is worse.
    #expect(rule.survivors(of: [nil, nil]) == [0, 1])
    #expect(PruningRule.successiveHalving(factor: 4, from: 1).survivors(of: [3, 2, 1]) == [0])
  }

  @Test("gives up what is below the median")
  func median() {
    let rule = PruningRule.median(after: 1, every: 1)
    #expect(rule.survivors(of: [0.1, 0.4, 0.3, 0.2]) == [1, 2])
    #expect(rule.survivors(of: [0.1, 0.4, 0.3]) == [1, 2])
    #expect(rule.survivors(of: [0.2, 0.2, 0.2]) == [0, 1, 2])
    #expect(rule.survivors(of: [nil, 0.2, 0.1]) == [1])
    #expect(rule.survivors(of: [0.5]) == [0])
  }
}
