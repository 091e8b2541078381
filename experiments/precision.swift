import Dept

/// Frozen weights in half the memory: what does a method lose over bfloat16?
@main struct Precision: Experiment {
  var plan: Plan {
    Plan {
      Run(DePT(promptLength: 10, rank: 8, sourceLength: 64), on: .genSentiment, with: .nano)
        .learningRates(prompt: 0.3, lowRank: 5e-3)
      Run(PromptTuning(length: 20), on: .genSentiment, with: .nano).learningRate(0.3)
    }
    .precision(.float32, .bfloat16)
    .steps(300, warmup: 30)
    .batchSize(16)
    .evaluate(every: 50, limit: 200)
    .seeds(1...3)
  }

  var report: Report {
    Note(
      """
      # What does bfloat16 cost?

      The backbone's matrices are kept in 16 bits, which is half of their memory, and products round
      both of their operands. What is trained, the optimizer, norms, softmax and sums stay float32.

      Each method is trained three times in either arithmetic, from the same seeds.
      """)
    PivotTable(rows: .method, columns: .precision)
    LearningCurve(.validation, groupedBy: .precision)
    CostTable()
    Provenance()
  }
}
