import Dept

/// Two learning rates searched without a grid: pairs are drawn at random, the worse half of them
/// is given up on the way, and a run to compare with comes first.
@main struct RandomSearch: Experiment {
  var plan: Plan {
    Plan {
      for dataset in [DatasetID.genSentiment, .genEntailment] {
        // To compare with: started before the search, and never given up.
        Run(PromptTuning(length: 20), on: dataset, with: .nano).learningRate(0.3).priority(1)
        Samples.random(8, seed: 7) { draw in
          Run(DePT(promptLength: 10, rank: 8, sourceLength: 64), on: dataset, with: .nano)
            .learningRates(
              prompt: draw.logarithmic(0.03...1), lowRank: draw.logarithmic(1e-4...1e-1))
        }
        .pruned(by: .median(after: 50, every: 50))
      }
    }
    .steps(200, warmup: 20)
    .batchSize(16)
    .evaluate(every: 50, limit: 200)
    .ordered(.interleaved(by: "dataset"))
  }

  var report: Report {
    Note(
      """
      # Two learning rates, drawn at random

      DePT has a rate for its prompt and one for its low-rank pair. Eight pairs are drawn from two
      ranges, each order of magnitude as likely; both tasks are given the same eight. At every
      validation before the last, runs below the median of their task are given up, so that most of
      the steps go to pairs that do well.

      A dash in the table is a run that was given up, and its curve ends there. A pair that is left
      on both tasks is worth more than the best on one. Change the ranges first: narrow them around
      the pairs that are left and draw again, then train the best with more seeds.
      """)
    PivotTable(rows: .method, .learningRates, columns: .dataset)
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}
