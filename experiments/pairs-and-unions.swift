import Dept

/// Everything a sweep can be made of, in one small file to copy from.
@main struct PairsAndUnions: Experiment {
  /// Axes that belong together are paired; different lengths are an issue of the plan.
  let pairs = zip([4, 8], [8, 4])

  var plan: Plan {
    Note(
      """
      # Pairs, conditions, points and unions

      An experiment is Swift: a loop is a grid, `zip` pairs axes, `if` leaves out what makes no
      sense, an array of tuples is a list of points, and `+` joins plans without doing twice what
      is in both.
      """)
    let prompts = Plan {
      for (length, rank) in pairs {
        Run(
          DePT(promptLength: length, rank: rank, sourceLength: 48), on: .genSentiment, with: .nano)
      }
    }
    let points = Plan {
      for (rank, rate) in [(2, 1e-2), (8, 3e-3)] {
        Run(LoRA(rank: rank), on: .genSentiment, with: .nano).learningRate(rate)
      }
    }
    let grid = Plan {
      for rank in (2...8).logarithmic(3) {
        for rate in [3e-3, 1e-2] {
          // The corner of high rank and high rate is left out.
          if rank < 8 || rate < 1e-2 {
            Run(LoRA(rank: rank), on: .genSentiment, with: .nano).learningRate(rate)
          }
        }
      }
    }
    (prompts + points + grid)
      .steps(40, warmup: 4)
      .batchSize(8)
      .evaluate(every: 20, limit: 60)
      .ordered(.shuffled(seed: 1))
  }

  var report: Report {
    PivotTable(rows: .method, .learningRates, columns: .dataset)
    Provenance()
  }
}
