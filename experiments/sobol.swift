import Dept

/// A search without a grid: sixteen points that fill the space of three hyperparameters evenly.
@main struct Sobol: Experiment {
  var plan: Plan {
    Note(
      """
      # Which learning rate, rank and dropout?

      A grid of three hyperparameters with four values each has 64 points and tries only four
      learning rates. Sixteen points of a Sobol sequence try sixteen of each. The seed moves the
      whole sequence; the same seed plans the same runs. The best point on validation is trained
      with two more seeds.
      """)
    Samples.sobol(16, seed: 7) { draw in
      Run(LoRA(rank: draw.choice([1, 2, 4, 8])), on: .genSentiment, with: .nano)
        .learningRate(draw.logarithmic(1e-4...1e-1))
        .dropout(draw.linear(0...0.2))
    }
    .steps(60, warmup: 6)
    .batchSize(8)
    .evaluate(every: 30, limit: 100)
    .selecting(.best(on: .validation), thenSeeds: 1...3)
  }

  var report: Report {
    PivotTable(rows: .method, .learningRates, columns: .dataset)
    Provenance()
  }
}
