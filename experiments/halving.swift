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
    Note(
      """
      # Which learning rate? Half of them are given up at a time

      Eight learning rates of prompt tuning begin. After 25, 50 and 100 steps those that are behind
      on validation are given up, half of what is left each time, and one is trained to its end:
      500 steps in all, where the whole grid takes 1,600.

      A curve that stops early belongs to a rate that was given up there. It was judged by its first
      steps, so that a rate which starts slowly may be lost: halve later (`from: 50`) and see
      whether the same rate is left. If that is at an end of the list, as the largest is here, go on
      in its direction first. One seed chooses a rate and is no result yet; for that, train it again
      with more seeds.
      """)
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}
