import Dept

/// Every method of the catalogue on the backbone that ships, with hyperparameters of its size:
/// score, trained parameters, time and memory side by side.
///
/// Methods that start from other runs name them with `after`, and the plan orders itself. A first
/// look within a minute: `--only "seed = 1 and dataset = 'gen-sentiment'"`.
@main struct MethodsTour: Experiment {
  let budget = (steps: 300, warmup: 30, seeds: 1...3)

  var plan: Plan {
    Plan {
      for dataset in [DatasetID.genSentiment, .genEntailment] {
        Run(FullFineTuning(), on: dataset, with: .nano).learningRate(1e-3)
        Run(BitFit(), on: dataset, with: .nano).learningRate(1e-2)
        Run(Adapter(bottleneck: 6), on: dataset, with: .nano).learningRate(3e-3)
        Run(PfeifferAdapter(bottleneck: 6), on: dataset, with: .nano).learningRate(3e-3)
        Run(AdapterDrop(bottleneck: 6, droppedLayers: 1), on: dataset, with: .nano)
          .learningRate(3e-3)
        Run(LoRA(rank: 4, alpha: 4), on: dataset, with: .nano).learningRate(3e-3)
        Run(LoRABitFit(rank: 4, alpha: 4), on: dataset, with: .nano).learningRate(3e-3)
        Run(IA3(scalesFeedForward: true), on: dataset, with: .nano).learningRate(1e-2)
        Run(PromptTuning(length: 20), on: dataset, with: .nano)
        Run(DePT(promptLength: 10, rank: 6, sourceLength: 64), on: dataset, with: .nano)
          .learningRates(prompt: 0.3, lowRank: 5e-3)
      }
    }
    .steps(budget.steps, warmup: budget.warmup)
    .batchSize(16)
    .evaluate(every: 50, limit: 200)
    .seeds(budget.seeds)
  }

  var report: Report {
    Note(
      """
      # A tour of the methods

      Every way of tuning that the DePT paper compares, on one small backbone, with the same steps,
      batches and seeds. Learning rates are rough: each method has its own, none was searched for.
      What the table shows is that they all run, what they train, and what they cost.
      """)
    PivotTable(rows: .method, columns: .dataset)
    CostTable()
    LearningCurve(.validation, groupedBy: .method)
    Provenance()
  }
}
