import Backbones
import Datasets
import Experiments
import Testing
import Training
import TuningMethods

/// What plans say of how long a run is, and what is wrong with it.
@Suite struct BudgetPlanTests {
  private var run: Plan { Run(PromptTuning(length: 3), on: .rte, with: .nano) }

  private func issues(_ plan: Plan) -> [String] {
    RunPlan(plan, knowing: .standard).issues.map(\.message)
  }

  private func schedules(_ plan: Plan) -> [TrainingSchedule] { plan.entries.map(\.spec.schedule) }

  @Test("several epochs, seconds and patiences multiply the runs")
  func axes() {
    let plan = run.epochs(0.5, 1, 3, warmup: 2).seconds(30, 60).earlyStopping(patience: 2, 4)
    #expect(plan.count == 12)
    #expect(Set(schedules(plan).map(\.epochs)) == [0.5, 1, 3])
    #expect(Set(schedules(plan).map(\.seconds)) == [30, 60])
    #expect(Set(schedules(plan).map { $0.earlyStopping?.patience }) == [2, 4])
    #expect(schedules(plan).allSatisfy { $0.warmup == 2 })
    #expect(issues(plan).isEmpty)
    #expect(
      issues(run.epochs()) == ["`.epochs` got no value; give it at least one"])
  }

  @Test("of steps and epochs the last said counts, and a budget says either with seconds")
  func lastSaid() throws {
    #expect(schedules(run.epochs(3).steps(50, warmup: 5))[0].epochs == nil)
    #expect(schedules(run.steps(50).epochs(3))[0].plannedSteps == nil)
    #expect(schedules(run.steps(50))[0].plannedSteps == 50)
    let budget = schedules(run.epochs(2).budget(steps: 500, seconds: 120))[0]
    #expect(budget.steps == 500 && budget.epochs == nil && budget.seconds == 120)
    #expect(schedules(run.steps(9).budget(epochs: 2))[0].epochs == 2)
    // How the steps were called before makes no other run of it.
    let descriptions = try [run.steps(50).epochs(3), run.epochs(3), run.budget(epochs: 3)].map {
      try $0.entries[0].spec.canonicalDescription()
    }
    #expect(Set(descriptions).count == 1)
    #expect(issues(run.budget()) == ["`.budget` got no value; give it steps, epochs or seconds"])
    #expect(
      issues(run.budget(steps: 5, epochs: 1)) == [
        "`.budget` got both steps and epochs; the one follows from the other"
      ])
  }

  @Test("the description of a run says its budget, and that of another run is as before")
  func identity() throws {
    let text = try run.epochs(2.5).seconds(60).earlyStopping(patience: 5, minimumGain: 0.01)
      .entries[0].spec.canonicalDescription()
    #expect(
      text
        == [
          #"{"backbone":"nano","dataset":"rte","#,
          #""method":{"hyperparameters":{"length":3,"start":{"sampledVocabulary":{}}},"name":"pt"},"#,
          #""schedule":{"accumulation":1,"batchSize":32,"clip":1,"#,
          #""earlyStopping":{"minimumGain":0.01,"patience":5},"epochs":2.5,"evaluateEvery":0,"#,
          #""learningRate":0.3,"#,
          #""order":"shuffled","precision":"float32","seconds":60,"#,
          #""sourceLength":256,"steps":1000,"targetLength":20,"#,
          #""warmup":0,"weightDecay":0},"seed":1}"#,
        ].joined())
    let plain = try run.entries[0].spec.canonicalDescription()
    for field in ["epochs", "seconds", "earlyStopping"] { #expect(!plain.contains(field)) }
  }

  @Test("budgets are fields that filters know")
  func fields() throws {
    let spec = run.epochs(3).seconds(1.5).earlyStopping(patience: 2, minimumGain: 0.5).entries[0]
      .spec
    #expect(spec.field("epochs") == .integer(3) || spec.field("epochs") == .number(3))
    #expect(spec.field("seconds") == .number(1.5))
    #expect(spec.field("earlyStopping") == .integer(2))
    #expect(spec.field("minimumGain") == .number(0.5))
    #expect(run.entries[0].spec.field("earlyStopping") == nil)
  }

  @Test(
    "values out of range are sentences",
    arguments: [
      (0.0, "`epochs` is 0.0; it has to be a number above 0"),
      (-2.0, "`epochs` is -2.0; it has to be a number above 0"),
      (1e9, "`epochs` is 1000000000.0; it can be at most 100000"),
    ])
  func epochs(value: Double, sentence: String) {
    #expect(issues(run.epochs(value)) == [sentence])
  }

  @Test("seconds and patience out of range, and what a timed run cannot have")
  func otherRanges() {
    #expect(issues(run.seconds(0)) == ["`seconds` is 0.0; it has to be a number above 0"])
    #expect(
      issues(run.seconds(.infinity)).first == "`seconds` is inf; it has to be a number above 0")
    #expect(
      issues(run.earlyStopping(patience: 0, minimumGain: -1)) == [
        "the patience of `.earlyStopping` is 0; it has to be at least 1 validation",
        "the minimum gain -1.0 of `.earlyStopping` is not zero or a positive number",
      ])
    #expect(
      issues(run.steps(5).timing(.training).seconds(3).earlyStopping(patience: 2)) == [
        "a run that is timed is as long as its steps; leave `.seconds` out",
        "a run that is timed is not validated; leave `.earlyStopping` out",
      ])
    // The number of steps is not known yet, so that nothing is said of it.
    #expect(issues(run.epochs(1, warmup: 5000)).isEmpty)
    #expect(issues(run.steps(0).epochs(1)).isEmpty)
  }

  // MARK: Pruning

  private func pruned(_ rule: PruningRule, _ plan: Plan) -> [String] {
    issues(plan.map { $0.bracket = PlanBracket(id: "b", rule: rule) })
  }

  @Test("runs are compared where they are validated anyway, and before they end")
  func rungs() {
    let plan = run.steps(90).evaluate(every: 10)
    #expect(pruned(.successiveHalving(factor: 3, from: 10), plan).isEmpty)
    #expect(pruned(.median(after: 20, every: 10), plan).isEmpty)
    #expect(pruned(.successiveHalving(factor: 3, from: 9), run.steps(90)).isEmpty)
    #expect(
      pruned(.successiveHalving(factor: 3, from: 15), plan) == [
        "runs are compared after 15 steps, but validated every 10; let the one be a multiple of the"
          + " other"
      ])
    #expect(
      pruned(.median(after: 20, every: 15), plan) == [
        "runs are compared every 15 steps, but validated every 10; let the one be a multiple of the"
          + " other"
      ])
    #expect(
      pruned(.successiveHalving(factor: 3, from: 90), plan) == [
        "runs are compared after 90 steps at the earliest, and this one has 90: nothing would be"
          + " pruned; compare earlier"
      ])
    #expect(
      pruned(.successiveHalving(factor: 3, from: 10), run.epochs(9).evaluate(every: 10)) == [
        "how many steps `.epochs` are is only known once their examples are read, and runs that are"
          + " pruned are compared by steps; say `.steps` instead"
      ])
  }

  @Test("rules out of range, and runs that cannot be compared")
  func pruningProblems() {
    let plan = run.steps(90).evaluate(every: 10)
    #expect(
      pruned(.successiveHalving(factor: 1, from: 0), plan) == [
        "successive halving with a factor of 1 gives up no run; it has to be at least 2",
        "successive halving begins after 0 steps; it has to be at least 1",
      ])
    #expect(
      pruned(.median(after: 0, every: -1), plan) == [
        "median pruning begins after 0 steps; it has to be at least 1",
        "median pruning compares every -1 steps; it has to be at least 1",
      ])
    let rule = PruningRule.median(after: 10, every: 10)
    #expect(
      pruned(rule, plan.seconds(5)).first?.contains("cannot be pruned; leave `.seconds`") == true)
    #expect(
      pruned(rule, plan.earlyStopping(patience: 2)).first?
        .contains("leave `.earlyStopping` or the pruning out") == true)
    #expect(pruned(rule, plan.timing(.training)).first?.contains("is not validated") == true)
  }
}
