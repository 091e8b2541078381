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

      One rate for the prompt, a smaller one for the low-rank pair.
      """)
    PivotTable(rows: .method, .learningRates, columns: .dataset)
    LearningCurve(.validation, groupedBy: .learningRates)
    Provenance()
  }
}
