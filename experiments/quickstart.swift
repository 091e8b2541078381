import Dept

/// Four ways to tune the small backbone that ships, on three tasks it has not seen.
@main struct Quickstart: Experiment {
  var plan: Plan {
    for dataset in [DatasetID.genSentiment, .genEntailment, .genParaphrase] {
      Plan {
        Run(FullFineTuning(), on: dataset, with: .nano).learningRate(1e-3)
        Run(PromptTuning(length: 20), on: dataset, with: .nano).learningRate(0.3)
        Run(DePT(promptLength: 10, rank: 8, sourceLength: 64), on: dataset, with: .nano)
          .learningRates(prompt: 0.3, lowRank: 5e-3)
        Run(LoRA(rank: 4), on: dataset, with: .nano).learningRate(3e-3)
      }
      .steps(300, warmup: 30)
      .batchSize(16)
      .evaluate(every: 50, limit: 200)
      .seeds(1...3)
    }
  }

  var report: Report {
    Note(
      """
      # How far does a short prompt go?

      Full fine-tuning trains every weight of the backbone. **Prompt tuning** trains a few vectors
      put before the input; **DePT** makes the prompt shorter and spends what that saves on a
      low-rank update of the word embeddings; **LoRA** adds low-rank updates to the attention.

      Each method is trained three times, with other seeds; the best step on validation is judged
      on test.
      """)
    PivotTable(rows: .method, columns: .dataset)
    LearningCurve(.validation, groupedBy: .method)
    CostTable()
    Provenance()
  }
}
