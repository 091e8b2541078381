import Dept

/// Successive halving: eight learning rates begin, the better half of those that are left goes on
/// after 25, 50 and 100 steps, and one is trained to its end. All are compared at the same step, so
/// that the outcome does not depend on which came first. Runs that are given up keep their
/// checkpoints: without `.pruned(by:)` they are carried on from there.
@main struct Halving: Experiment {
  var plan: Plan {
    Plan {
      for rate in [0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0, 3.0] {
        Run(PromptTuning(length: 10), on: .genSentiment, with: .nano).learningRate(rate)
      }
    }
    .steps(200, warmup: 20)
    .batchSize(16)
    .evaluate(every: 25, limit: 200)
    .pruned(by: .successiveHalving(factor: 2, from: 25))
  }

  var report: Report {
    Note("# Which learning rate? Half of them are given up after 25, 50 and 100 steps.")
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}
