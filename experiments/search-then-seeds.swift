import Dept

/// A fair comparison of two methods: each has its learning rate searched with one seed, on
/// validation, and only the winners are trained again with more seeds and judged on test.
@main struct SearchThenSeeds: Experiment {
  var plan: Plan {
    Note(
      """
      # Two methods, each at its best learning rate

      A method that was tuned for longer looks better. Here LoRA and BitFit are given the same
      search: four learning rates, one seed, judged on validation. The winner of each method and
      task is then trained with three seeds and judged on test; the table says among how many
      configurations it was chosen. To search something else, change the loops.
      """)
    Plan {
      for dataset in [DatasetID.genSentiment, .genParaphrase] {
        for rate in (1e-4...1e-1).logarithmic(4) {
          Run(LoRA(rank: 4), on: dataset, with: .nano).learningRate(rate)
          Run(BitFit(), on: dataset, with: .nano).learningRate(rate)
        }
      }
    }
    .selecting(.best(on: .validation), perTask: true, thenSeeds: 1...3)
    .steps(60, warmup: 6)
    .batchSize(8)
    .evaluate(every: 30, limit: 100)
  }

  var report: Report {
    PivotTable(rows: .method, columns: .dataset)
    Provenance()
  }
}
