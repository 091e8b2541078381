import Dept

/// DePT trains its prompt and its low-rank pair at two rates: is that needed?
@main struct LearningRates: Experiment {
  var plan: Plan {
    for dataset in [DatasetID.genSentiment, .genEntailment] {
      for (prompt, lowRank) in [(0.3, 0.3), (5e-3, 5e-3), (0.3, 5e-3)] {
        Run(DePT(promptLength: 10, rank: 8, sourceLength: 64), on: dataset, with: .nano)
          .learningRates(prompt: prompt, lowRank: lowRank)
          .seeds(1...3)
      }
      Run(PromptTuning(length: 20), on: dataset, with: .nano).seeds(1...3)
    }
  }

  var report: Report {
    Note(
      """
      # Are two learning rates needed?

      DePT trains a prompt and a low-rank pair, which is added to the word embeddings. Each row has
      a rate for the prompt and one for the pair: both high, both low, or a high one and a low one;
      prompt tuning is there to compare with.

      With a high rate for both, the scores stay about where guessing has them. With a low rate for
      both, learning is slow: look at the first few hundred steps of the curves. With a rate for
      each, DePT is about level with prompt tuning. A difference that is not larger than the
      deviations over three seeds says little. Change the number of steps first, which is what a
      low rate lacks, then the rates.
      """)
    PivotTable(rows: .method, .learningRates, columns: .dataset)
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}
