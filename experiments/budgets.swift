import Dept

/// How long is long enough? Runs by epochs, by seconds, and until validation stops to gain.
@main struct Budgets: Experiment {
  private func run(_ method: some TuningMethod) -> Plan {
    Run(method, on: .genSentiment, with: .nano)
      .batchSize(16).fewShot(320).evaluate(every: 20, limit: 100)
  }

  var plan: Plan {
    for rank in [4, 8] {
      // 20 steps an epoch: known once the examples are.
      run(LoRA(rank: rank)).learningRate(3e-3).epochs(1, 3, warmup: 5)
      // As many of 1000 steps as fit into five seconds of training.
      run(LoRA(rank: rank)).learningRate(3e-3).budget(steps: 1000, seconds: 5)
      // At most 400 steps; over after three validations without a gain of a point.
      run(LoRA(rank: rank)).learningRate(3e-3).steps(400, warmup: 5)
        .earlyStopping(patience: 3, minimumGain: 0.01)
    }
  }

  var report: Report {
    Note(
      """
      # How long is long enough?

      A run is as long as its steps, and there are three other ways to say it. **Epochs** are passes
      over its examples, whatever a batch holds; **seconds** are what there is time for, so that how
      far a run comes depends on the machine; **early stopping** ends a run once validation has
      brought no gain for a while, at the same step wherever it runs. However a run ends, its best
      step on validation is tested. Read the scores beside what they cost.
      """)
    PivotTable(rows: .method, .steps, .budget, columns: .dataset)
    CostTable(rows: .method, .steps, .budget)
    LearningCurve(.validation, groupedBy: .budget)
    Provenance()
  }
}
