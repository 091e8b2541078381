import Dept

/// Does it matter how a task is worded? Two templates and two sets of label words, each with 16
/// examples, drawn three times: `dept fetch rte` first.
///
/// Copy it to compare wordings of your own: a template names any text of the data set (`dept
/// datasets rte` lists them) or any column of your own table.
@main struct Wording: Experiment {
  private let published = Run(PromptTuning(length: 10), on: .rte, with: .nano)

  var plan: Plan {
    Plan {
      published
      published.template("{sentence1} Does it follow that {sentence2}?").labelWords("yes", "no")
      published.template("{sentence2} because {sentence1}").labelWords("true", "false")
    }
    .fewShot(16, seeds: [1, 2, 3])
    .steps(100, warmup: 10)
    .batchSize(8)
    .sourceLength(96).truncation(.start)
    .evaluate(every: 50)
    .decoding(.labels)
  }

  var report: Report {
    Note(
      """
      # Three wordings of RTE

      Each mean is over three draws of 16 training examples. `nano` has never seen a newspaper: what
      is shown is how to compare wordings, not which is better.
      """)
    PivotTable(rows: .template, columns: .dataset)
    Provenance()
  }
}
