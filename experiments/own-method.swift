import Dept

/// A method of one's own, beside two of the catalogue: learnt vectors that scale what every
/// sublayer adds to the residual stream.
struct SublayerScaling: TuningMethod {
  static let name = "sublayer-scaling"
  static let title = "Sublayer scaling"
  static let reference = Citation("This file")
  static let formula = "h ← l∘h after attention and feed-forward"

  /// The sublayers that are scaled.
  var targets = SiteSelector.parts(.attention, .crossAttention, .feedForward)

  var defaultLearningRates: LearningRates { LearningRates(1e-2) }

  func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    for site in backbone.calls(targets) {
      let scale = adaptation.parameter("scale", [site.output], .ones, at: site)
      adaptation.around(site) { x, pass, proceed in proceed(x) * pass[scale] }
    }
  }
}

@main struct OwnMethod: Experiment {
  var plan: Plan {
    Plan {
      Run(SublayerScaling(), on: .genSentiment, with: .nano)
      Run(IA3(scalesFeedForward: true), on: .genSentiment, with: .nano).learningRate(1e-2)
      Run(BitFit(), on: .genSentiment, with: .nano).learningRate(1e-2)
    }
    .steps(300, warmup: 30)
    .batchSize(16)
    .evaluate(every: 50, limit: 200)
    .seeds(1...3)
  }

  var report: Report {
    Note(
      """
      # A method declared in the experiment's own file

      A tuning method is a value: it declares what is trained and where it acts. One that lives in
      an experiment's file is compiled with it, runs in its workers, and is part of the identity of
      its runs: edit it, and they are other runs.
      """)
    PivotTable(rows: .method, columns: .dataset)
    CostTable()
    Provenance()
  }
}
