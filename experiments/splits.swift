import Dept

/// The paper's own question on the small backbone: how should a budget of parameters be split
/// between a prompt and a low-rank pair?
@main struct Splits: Experiment {
  var plan: Plan {
    Note(
      """
      # How long a prompt, at equal parameters?

      DePT spends what a shorter prompt saves on the rank of a low-rank update of the word
      embeddings (arXiv 2309.05173, Table 1 and Figure 3). `DePT.splits` gives the pairs of prompt
      length and rank that train as many parameters as prompt tuning with 20 vectors; the last row
      is that prompt. Give `for: .t5Base` and a length of 100 for the paper's own pairs.
      """)
    Plan {
      for method in DePT.splits(
        for: .nano, budget: .promptTuning(length: 20), promptLengths: (0...16).linear(5),
        sourceLength: 48)
      {
        Run(method, on: .genSentiment, with: .nano).learningRates(prompt: 0.3, lowRank: 5e-3)
      }
      Run(PromptTuning(length: 20), on: .genSentiment, with: .nano).learningRate(0.3)
    }
    .steps(100, warmup: 10)
    .batchSize(8)
    .evaluate(every: 50, limit: 100)
    .seeds(1...2)
  }

  var report: Report {
    PivotTable(rows: .method, columns: .dataset)
    LearningCurve(.validation, groupedBy: .promptLength)
    Provenance()
  }
}
