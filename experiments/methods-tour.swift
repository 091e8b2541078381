import Dept

/// Every method of the catalogue on the backbone that ships, with hyperparameters of its size:
/// score, trained parameters, time and memory side by side.
///
/// Methods that start from other runs name them with `after`, and the plan orders itself. A first
/// look within a minute: `--only "seed = 1 and dataset = 'gen-sentiment'"`.
@main struct MethodsTour: Experiment {
  /// The settings that all runs of this file share.
  private func run(
    _ method: some TuningMethod, on dataset: DatasetID, rate: Double? = nil
  ) -> Plan {
    let plan = Run(method, on: dataset, with: .nano)
      .steps(300, warmup: 30).batchSize(16).sourceLength(64).evaluate(every: 50, limit: 200)
    return rate.map { plan.learningRate($0) } ?? plan
  }

  var plan: Plan {
    let prompt = PromptTuning(length: 20)
    for dataset in [DatasetID.genSentiment, .genEntailment] {
      Plan {
        run(FullFineTuning(), on: dataset, rate: 1e-3)
        run(BitFit(), on: dataset, rate: 1e-2)
        run(Adapter(bottleneck: 6), on: dataset, rate: 3e-3)
        run(PfeifferAdapter(bottleneck: 6), on: dataset, rate: 3e-3)
        run(AdapterDrop(bottleneck: 6, droppedLayers: 1), on: dataset, rate: 3e-3)
        run(LoRA(rank: 4, alpha: 4), on: dataset, rate: 3e-3)
        run(LoRABitFit(rank: 4, alpha: 4), on: dataset, rate: 3e-3)
        run(IA3(scalesFeedForward: true), on: dataset, rate: 1e-2)
        run(LadderSideTuning(reduction: 4), on: dataset)
        run(
          HyperFormer(reduction: 16, embeddingWidth: 16, hiddenWidth: 32), on: dataset, rate: 3e-3)
        run(HyperDecoder(bottleneck: 6, hiddenWidth: 32), on: dataset, rate: 3e-3)
      }
      .seeds(1...3)
      Plan {
        run(PrefixTuning(length: 10), on: dataset, rate: 0.3)
        run(PTuning(length: 10, hiddenWidth: 48), on: dataset)
        run(prompt, on: dataset)
        run(MPT(length: 20), on: dataset)
        run(DePT(promptLength: 10, rank: 6, sourceLength: 64), on: dataset)
          .learningRates(prompt: 0.3, lowRank: 5e-3)
        run(ADePT(promptLength: 10, rank: 5), on: dataset)
        run(Stacked(DePT(promptLength: 10, rank: 6, sourceLength: 64), LoRA(rank: 2)), on: dataset)
          .learningRates(prompt: 0.3, lowRank: 3e-3)
        // From prompts for another task, and from two of them.
        run(SPoT(length: 20), on: dataset).after(run(prompt, on: .genParaphrase))
        run(ATTEMPT(length: 20, sourceCount: 2), on: dataset)
          .after(run(prompt, on: .genParaphrase), run(prompt, on: dataset).seeds(9))
      }
      .seeds(1...3)
    }
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
