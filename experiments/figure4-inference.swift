import Dept

/// Figure 4 of the DePT paper (arXiv 2309.05173): how much faster a backbone answers behind a
/// prompt of 20 vectors and a low-rank pair than behind one of 100.
///
/// The backbones have the sizes of the published ones and random weights, so that nothing is
/// downloaded. 12 runs of four batches: meant for less than 10 minutes on two cores that have
/// nothing else to do.
@main struct Inference: Experiment {
  let backbones = [
    (BackboneID.t5Small, T5Configuration.small), (.t5Base, .base), (.t5Large, .large),
  ]

  var plan: Plan {
    Plan {
      for dataset in [DatasetID.length(256), .lengths(of: .sst2)] {
        for (backbone, configuration) in backbones {
          let rank = DePT.rank(promptLength: 20, width: configuration.width)
          Run(PromptTuning(length: 100), on: dataset, with: .random(backbone))
          Run(DePT(promptLength: 20, rank: rank), on: dataset, with: .random(backbone))
        }
      }
    }
    .timing(.inference)
    .steps(4)
    .batchSize(8)
  }

  /// Where a backbone lies on the axis of the chart.
  static let size = Axis("Million parameters") { spec in
    let sizes: [BackboneID: Double] = [
      .random(.t5Small): 60.5, .random(.t5Base): 222.9, .random(.t5Large): 737.7,
    ]
    return sizes[spec.backbone].map { .number($0) } ?? .none
  }

  var report: Report {
    Note(
      """
      # How much faster does a shorter prompt answer?

      Prompt tuning with 100 vectors beside DePT with 20 and as many trained parameters. The paper
      measures, on a graphics card, 167.3 and 178.3 samples a second on T5-small (+6.5 %), 21.0 and
      24.8 on T5-large (+18.1 %).

      Each batch of 8 sources is answered with two tokens, greedily; a speed is the median over
      batches, the first left out. No padding is computed: sources as short as those of SST-2 leave
      most of the work to the prompt.
      """)
    Savings(.samplesPerSecond, against: "pt", along: Self.size, lines: .methodName)
    Provenance()
  }
}
