import Dept

/// What a prompt learnt elsewhere is worth: a start from another task, for few examples and for
/// all.
@main struct Transfer: Experiment {
  private let dept = DePT(promptLength: 10, rank: 8, sourceLength: 64)
  private let prompt = PromptTuning(length: 20)

  /// A run with the settings that all runs of this file share.
  private func run(_ method: some TuningMethod, on dataset: DatasetID) -> Plan {
    Run(method, on: dataset, with: .nano)
      .sourceLength(64).batchSize(16).steps(200, warmup: 20).evaluate(every: 50, limit: 200)
      .learningRates(prompt: 0.3, lowRank: 5e-3)
  }

  var plan: Plan {
    // A prompt for entailment, as prompt tuning starts it and from one for paraphrases.
    run(prompt, on: .genEntailment).seeds(1...3)
    run(SPoT(length: 20), on: .genEntailment)
      .after(run(prompt, on: .genParaphrase)).seeds(1...3)
    // DePT's prompt and low-rank pair, with 16 examples of the new task.
    run(dept, on: .genEntailment).fewShot(16).seeds(1...3)
    run(dept, on: .genEntailment).fewShot(16).after(run(dept, on: .genParaphrase)).seeds(1...3)
    // Both tasks at once.
    Run(prompt, on: [.genEntailment, .genParaphrase], with: .nano)
      .sourceLength(64).batchSize(16).steps(400, warmup: 40).evaluate(every: 100, limit: 200)
      .seeds(1...3)
  }

  var report: Report {
    Note(
      """
      # Does a prompt carry over?

      A run that starts from the adapter of another task, beside one that starts as its method does,
      and one prompt that is trained on both tasks at once.
      """)
    PivotTable(rows: .method, columns: .dataset)
    LearningCurve(.validation, groupedBy: .method)
    ParameterCount()
    Provenance()
  }
}
