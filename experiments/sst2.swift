import Dept

/// DePT and prompt tuning on SST-2 as published: `dept fetch sst2` first.
///
/// The shipped backbone has never seen a film review: this shows the path, not what T5 reaches.
@main struct FilmReviews: Experiment {
  var plan: Plan {
    Plan {
      Run(DePT(promptLength: 10, rank: 8, sourceLength: 64), on: .sst2, with: .nano)
        .learningRates(prompt: 0.3, lowRank: 5e-3)
      Run(PromptTuning(length: 20), on: .sst2, with: .nano).learningRate(0.3)
    }
    .steps(1_000, warmup: 50)
    .batchSize(32)
    .sourceLength(64)
    .evaluate(every: 200, limit: 500)
    .seeds(1...3)
  }

  var report: Report {
    Note(
      """
      # SST-2 on a very small backbone

      `nano` knows a few hundred words of a generated language. What it reaches on real film
      reviews stands beside the majority class, 50.9 % of the test split.
      """)
    PivotTable(rows: .method, columns: .dataset)
    LearningCurve(.validation, groupedBy: .method)
    CostTable()
    Provenance()
  }
}
