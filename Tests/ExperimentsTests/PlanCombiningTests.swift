import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

@Suite struct PlanCombiningTests {
  private func run(_ rank: Int) -> Plan { Run(LoRA(rank: rank), on: .genSentiment, with: .nano) }

  private func messages(_ plan: Plan) -> [String] {
    RunPlan(plan, knowing: .standard).issues.map(\.message)
  }

  @Test("a run that is in both plans of a union is there once, however it is said")
  func union() {
    let a = run(1).seeds(1...2)
    let b = run(1).seeds(2...3).decoding(.generation)
    #expect((a + b).entries.map(\.spec.seed) == [1, 2, 3])
    #expect(Plan.union(a, b, run(2)).count == 4)
    #expect(messages(a + b).isEmpty)
    #expect(
      messages(
        Plan {
          a; b
        }
      ).first?.contains("is planned more than once") == true)
    // What one of them lists twice stays a mistake.
    #expect(
      messages(
        run(1)
          + Plan {
            run(2); run(2)
          }
      ).count == 1)
  }

  @Test("order, notes, issues and priorities survive modifiers and joining")
  func kept() {
    var odd = run(3)
    odd.issues = [PlanIssue("odd")]
    let plan = Plan {
      Note("first")
      Plan {
        run(1).priority(5)
        Note("second")
        odd
      }.ordered(.shuffled(seed: 4))
      Note("third")
    }.seeds(1...2).steps(20).learningRates([(0.1, 0.1), (0.2, 0.1)])
    #expect(plan.notes == ["first", "second", "third"])
    #expect(plan.order == .shuffled(seed: 4))
    #expect(plan.issues.map(\.message) == ["odd"])
    #expect(plan.entries.map(\.priority) == [5, 5, 5, 5, 0, 0, 0, 0])
    let described = RunPlan(plan, knowing: .standard)
    #expect(described.notes == plan.notes && described.order == plan.order)
    #expect((plan + run(9)).notes == plan.notes)
    #expect(
      messages(
        Plan {
          run(1).ordered(.cheapestFirst)
          run(2).ordered(.shuffled(seed: 1))
        }
      ) == [
        "the plan is ordered in two ways, the cheapest first and shuffled with seed 1; order it as "
          + "a whole"
      ])
    #expect(
      messages(run(1).ordered(.interleaved(by: "metod"))) == [
        "no run has a field 'metod' to interleave by; did you mean 'method'?"
      ])
    #expect(messages(run(1).ordered(.interleaved(by: "rank"))).isEmpty)
  }

  @Test("runs are pruned with those on the same data")
  func pruned() {
    let plan = Plan {
      for dataset in [DatasetID.genSentiment, .genParaphrase] {
        Run(LoRA(), on: dataset, with: .nano)
      }
    }
    .learningRate(1e-3, 1e-2).pruned(by: .successiveHalving(factor: 2, from: 8)).steps(40)
    let ids = plan.entries.map { $0.bracket?.id }
    #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2] && ids[0] != nil)
    #expect(messages(plan).isEmpty)
    #expect(messages(plan.pruned(by: .median(after: 4, every: 4))).count == 1)
    #expect(messages(plan.steps(8)).count == 1)
    #expect(messages(plan.timing(.training)).first?.contains("cannot be pruned") == true)
    #expect(
      messages(run(1).pruned(by: .median(after: 0, every: 0))) == [
        "median pruning begins after 0 steps; it has to be at least 1",
        "median pruning compares every 0 steps; it has to be at least 1",
      ])
  }

  @Test("what cannot be a search is said with its line")
  func badSearches() {
    func issues(_ plan: Plan) -> [PlanIssue] { RunPlan(plan, knowing: .standard).issues }
    let typo = issues(run(1).selecting(.best(on: .validation, metric: "acuracy"), thenSeeds: 1...2))
    #expect(typo.first?.location?.line == #line - 1)
    #expect(
      typo.map(\.message) == [
        "`.selecting`: 'gen-sentiment' has no metric 'acuracy'; did you mean 'accuracy'?"
      ])
    #expect(
      issues(run(1).selecting(.best(on: .train), thenSeeds: [])).map(\.message) == [
        "`.selecting` got no seed for its winners; give it at least one",
        "runs are not judged on training examples; select on .validation",
      ])
    #expect(issues(run(1).selecting(.best(on: .validation), thenSeeds: [1, 1])).count == 1)
    #expect(issues(run(1).selecting(.best(on: .validation), thenSeeds: [-1])).count == 1)
    let twice = run(1).selecting(.best(on: .validation), thenSeeds: 1...2)
    #expect(issues(twice.selecting(.best(on: .test), thenSeeds: 1...2)).count == 1)
    #expect(issues(run(1).after(twice)).count == 1)
    #expect(
      issues(twice.timing(.training)).first?.message.contains("no score to select by") == true)
    // Of a multi-task run the mean and each task's own are known.
    let both = Run(LoRA(), on: [.genSentiment, .genParaphrase], with: .nano)
    for (metric, count) in [("mean", 0), ("gen-sentiment/accuracy", 0), ("accuracy", 1)] {
      let plan = both.selecting(.best(on: .validation, metric: metric), thenSeeds: 1...2)
      #expect(issues(plan).count == count)
    }
  }

  @Test("a plan that was written down is checked like its experiment")
  func written() {
    var run = PlannedRun(spec: run(1).entries[0].spec)
    run.search = PlanSearch(
      id: "s", rule: .best(on: .validation, metric: "f1"), perTask: true, seeds: [])
    run.bracket = PlanBracket(id: "b", rule: .successiveHalving(factor: 0, from: 5))
    let issues = RunPlan(runs: [run]).checked(knowing: .standard).issues
    #expect(
      issues.map(\.message) == [
        "`.selecting` got no seed for its winners; give it at least one",
        "`.selecting`: 'gen-sentiment' has no metric 'f1'; known are accuracy",
        "successive halving with a factor of 0 gives up no run; it has to be at least 2",
      ])
  }

  @Test("a plan that changes from one evaluation to the next is told with the run that changed")
  func impure() {
    let first = Plan {
      run(1); run(2)
    }
    #expect(
      Plan {
        run(1); run(2)
      }.impurity(comparedTo: first) == nil)
    let other = Plan {
      run(1); run(3)
    }.impurity(comparedTo: first)
    #expect(other?.message.contains("became another run") == true)
    #expect(other?.location == first.entries[1].location)
    #expect(run(1).impurity(comparedTo: first)?.message.contains("2 runs became 1") == true)
    #expect(first.seeds(4).impurity(comparedTo: first)?.message.contains("seed 4") == true)
    #expect(first.ordered(.cheapestFirst).impurity(comparedTo: first)?.location == nil)
    // A number that is none is a mistake of its own.
    let broken = run(1).learningRate(.nan)
    #expect(broken.impurity(comparedTo: broken) == nil)
  }
}
