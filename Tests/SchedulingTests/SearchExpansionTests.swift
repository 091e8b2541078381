import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Scheduling
import Testing
import Training

@Suite("The searches of a plan") struct SearchExpansionTests {
  private static let line = SourceLocation(file: "sweep.swift", line: 9)

  private func spec(
    _ rate: Double, on dataset: DatasetID = "gen-sentiment", method: String = "lora", seed: Int = 1,
    draw: Int? = nil
  ) -> RunSpec {
    var schedule = TrainingSchedule()
    schedule.learningRate = rate
    schedule.fewShotSeed = draw
    if let known = try? DatasetCatalogue.standard.dataset(dataset) {
      schedule.sourceLength = known.sourceLength
      schedule.targetLength = known.targetLength
    }
    return RunSpec(
      backbone: .nano, dataset: dataset,
      method: MethodDescription(name: method, hyperparameters: [:]),
      schedule: schedule, seed: seed)
  }

  private func plan(
    _ specs: [RunSpec], rule: SelectionRule = .best(on: .validation), perTask: Bool = true,
    seeds: [Int] = [1, 2, 3], listing others: [RunSpec] = []
  ) -> ResolvedPlan {
    let search = PlanSearch(
      id: "s", rule: rule, perTask: perTask, seeds: seeds, location: Self.line)
    let candidates = specs.map { spec in
      var run = PlannedRun(spec: spec)
      run.search = search
      return run
    }
    return ResolvedPlan(
      RunPlan(runs: candidates + others.map { PlannedRun(spec: $0) }), experiment: "e",
      digests: PlanDigests(data: { "\($0)" }, backbone: { _ in "b" }))
  }

  /// What accuracy each learning rate reaches, in the order of the plan.
  private func outcomes(
    _ plan: ResolvedPlan, _ accuracies: [Double?]
  ) -> (ResolvedRun) -> CandidateOutcome {
    let ids = plan.runs.filter { $0.search != nil }.map(\.id)
    let known = Dictionary(Swift.zip(ids, accuracies).map { ($0, $1) }) { first, _ in first }
    return { run in
      guard let accuracy = known[run.id] ?? nil else { return .out }
      return .scored([.validation: ["accuracy": accuracy], .test: ["accuracy": 1 - accuracy]])
    }
  }

  private func winners(_ expansion: SearchExpansion) -> [Double?] {
    expansion.groups.map { group in
      if case .decided(let winner) = group.verdict {
        winner.spec.schedule.learningRate
      } else {
        nil
      }
    }
  }

  @Test("the best configuration is carried out with all seeds; the one it has is the run it was")
  func winner() throws {
    let plan = plan([0.1, 0.2, 0.3].map { spec($0) }, listing: [spec(0.5, method: "bitfit")])
    let expansion = SearchExpansion(plan, outcome: outcomes(plan, [0.4, 0.8, 0.6]))
    let group = try #require(expansion.groups.first)
    #expect(group.name == "lora on gen-sentiment with nano")
    #expect(group.tried == 3 && group.replicates == 3 && winners(expansion) == [0.2])
    let runs = expansion.plan.runs
    #expect(runs.map(\.spec.schedule.learningRate) == [0.1, 0.2, 0.3, 0.2, 0.2, 0.5])
    #expect(runs.map(\.spec.seed) == [1, 1, 1, 2, 3, 1])
    #expect(runs[1].id == plan.runs[1].id && runs[1].search != nil)
    #expect(runs.map { $0.selection?.tried } == [nil, 3, nil, 3, 3, nil])
    #expect(runs[1].selection?.isCandidate == true && runs[3].selection?.isCandidate == false)
    #expect(runs[3].search == nil && runs[3].location == Self.line)
    #expect(
      try runs[3].id
        == ResolvedPlan.identity(
          of: spec(0.2, seed: 2), dataDigest: "gen-sentiment", backboneDigest: "b"))
    guard case .decided(let winner) = group.verdict else { return }
    let settings = winner.settings(among: group.candidates)
    #expect(settings.map(\.name) == ["learningRate"])
  }

  @Test("of equals the first wins, whatever failed, and test can decide too")
  func ties() {
    let plan = plan([0.1, 0.2, 0.3].map { spec($0) })
    #expect(winners(SearchExpansion(plan, outcome: outcomes(plan, [nil, 0.5, 0.5]))) == [0.2])
    let other = self.plan([0.1, 0.2].map { spec($0) }, rule: .best(on: .test))
    #expect(winners(SearchExpansion(other, outcome: outcomes(other, [0.4, 0.8]))) == [0.1])
  }

  @Test("methods and data sets have winners of their own, or one for all data sets")
  func groups() {
    let specs = ["gen-sentiment", "gen-paraphrase", "gen-sentiment", "gen-paraphrase"].enumerated()
      .map {
        spec($0.offset < 2 ? 0.1 : 0.2, on: DatasetID(rawValue: $0.element))
      }
    let scores = [0.9, 0.1, 0.7, 0.4]
    let each = plan(specs)
    #expect(winners(SearchExpansion(each, outcome: outcomes(each, scores))) == [0.1, 0.2])
    let all = plan(specs, perTask: false)
    let expansion = SearchExpansion(all, outcome: outcomes(all, scores))
    #expect(winners(expansion) == [0.2])
    #expect(expansion.groups[0].tried == 2 && expansion.groups[0].replicates == 6)
    #expect(expansion.groups[0].name == "lora on 2 data sets with nano")
    #expect(expansion.plan.runs.count == 4 + 4)
    let methods = plan([spec(0.1), spec(0.1, method: "bitfit")])
    #expect(SearchExpansion(methods, outcome: outcomes(methods, [0, 0])).groups.count == 2)
  }

  @Test("seeds and draws of a search are averaged, and each draw has all seeds")
  func replicates() {
    let specs = [0.1, 0.2].flatMap { rate in
      [1, 2].flatMap { draw in [7, 8].map { spec(rate, seed: $0, draw: draw) } }
    }
    let plan = plan(specs)
    let scores = [0.9, 0.1, 0.9, 0.1, 0.6, 0.6, 0.6, 0.5]
    let expansion = SearchExpansion(plan, outcome: outcomes(plan, scores))
    #expect(winners(expansion) == [0.2])
    #expect(expansion.groups[0].tried == 2 && expansion.groups[0].replicates == 6)
    #expect(expansion.plan.runs.count == 8 + 6)
    #expect(expansion.plan.runs.last?.selection?.searchSeeds == 2)
  }

  @Test("nothing is decided before all have ended")
  func open() {
    let plan = plan([0.1, 0.2].map { spec($0) })
    let last = plan.runs[1].id
    let expansion = SearchExpansion(plan) {
      $0.id == last ? .open : .scored([.validation: ["accuracy": 1]])
    }
    #expect(expansion.groups.map(\.verdict) == [.open(left: 1)])
    #expect(expansion.plan == plan)
    #expect(expansion.expected.count == 3)
  }

  @Test("a search without a winner says why")
  func failed() {
    func reason(_ plan: ResolvedPlan, _ outcome: (ResolvedRun) -> CandidateOutcome) -> String {
      guard
        case .failed(let reason)? = SearchExpansion(plan, outcome: outcome).groups.first?.verdict
      else { return "" }
      return reason
    }
    let plan = plan([0.1, 0.2].map { spec($0) })
    #expect(
      reason(plan) { _ in .out }
        == "the search for lora on gen-sentiment with nano has no winner: all 2 candidates failed; "
        + "change what they are, or try again with --retry-failed")
    #expect(
      reason(plan) { _ in .scored([.test: ["accuracy": 1]]) }.contains(
        "none of its runs has a score on validation"))
    let uneven = self.plan([spec(0.1), spec(0.2, on: "gen-paraphrase")], perTask: false)
    #expect(
      reason(uneven, outcomes(uneven, [0.1, 0.2])).contains(
        "no configuration has a result on every data set"))
  }
}
