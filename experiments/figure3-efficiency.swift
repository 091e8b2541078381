import Dept

/// Figure 3 of the DePT paper (arXiv 2309.05173): what a shorter prompt saves of the time and the
/// memory of training, where the number of trained parameters stays that of prompt tuning.
///
/// The backbones have the sizes of the published ones and random weights, so that nothing is
/// downloaded. 36 runs of four steps: meant for less than 25 minutes on two cores that have nothing
/// else to do. `--only "backbone = 't5-small:random'"` is a first look within two.
@main struct Efficiency: Experiment {
  let backbones = [
    (BackboneID.t5Small, T5Configuration.small), (.t5Base, .base), (.t5Large, .large),
  ]

  var plan: Plan {
    Plan {
      for dataset in [DatasetID.length(256), .lengths(of: .sst2)] {
        for (backbone, configuration) in backbones {
          for length in stride(from: 0, to: 100, by: 20) {
            let rank = DePT.rank(promptLength: length, width: configuration.width)
            Run(DePT(promptLength: length, rank: rank), on: dataset, with: .random(backbone))
          }
          Run(PromptTuning(length: 100), on: dataset, with: .random(backbone))
        }
      }
    }
    .timing(.training)
    .steps(4)
    .batchSize(8)
  }

  var report: Report {
    Note(
      """
      # What does a shorter prompt save in training?

      Prompt tuning with 100 vectors beside DePT with fewer: what the prompt saves is spent on the
      rank of the low-rank pair, so that all of them train about as many parameters. The paper
      reports more than 20 % less time and memory for *m* = 20.

      Sources of 256 tokens are what the paper pads all of its own to; here no padding is computed,
      so that sources as short as those of SST-2 are another case: the prompt is then most of what
      a model reads.

      A time is the median over steps, the first left out. Memory is the largest resident size of a
      process that has carried out this run alone, the backbone's weights included.
      """)
    Heading("Time of a step")
    Savings(.stepTime, against: "pt", along: .promptLength)
    Heading("Memory")
    Savings(.peakMemory, against: "pt", along: .promptLength)
    Provenance()
  }
}
