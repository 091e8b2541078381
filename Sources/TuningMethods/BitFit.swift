public import NeuralNetworks
import TensorEngine

/// BitFit: biases only (arXiv 2106.10199).
///
/// A backbone that has biases, such as GPT-2, trains them. T5 has none, so they are added, from
/// zero, to every linear layer and layer norm inside the blocks and to the output head:
/// `y = W x + b`. On T5-base that is 280,932 scalars: the head's bias covers the 32,100 ids that
/// the tokenizer can write, not the 32,128 rows of the embeddings (which would be 280,960).
public struct BitFit: TuningMethod {
  public static let name = "bitfit"
  public static let title = "BitFit"
  public static let reference = Citation(
    "Ben Zaken et al., BitFit: simple parameter-efficient fine-tuning for transformer-based masked"
      + " language models, 2022", arXiv: "2106.10199")
  public static let formula = "y = W·x + b with b trained, at every linear layer and norm"

  public static let countNote: String? =
    "T5's head gets a bias for each of the 32,100 ids that its tokenizer can write: 280,932 on"
    + " T5-base, as published; one for each of the 32,128 rows of the embeddings would make 280,960"

  public init() {}

  public var defaultLearningRates: LearningRates { LearningRates(3e-4) }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    let own = backbone.weights(.biases)
    guard own.isEmpty else {
      for site in own { adaptation.train(site, in: backbone) }
      return
    }
    let norms = SiteSelector.parts(.attentionNorm, .crossAttentionNorm, .feedForwardNorm)
    let inner = backbone.linears() + backbone.calls(norms)
    for site in inner where site.path.layer != nil {
      let bias = adaptation.parameter("bias", [site.output], .zeros, at: site)
      adaptation.around(site) { x, pass, proceed in proceed(x) + pass[bias] }
    }
    guard let head = backbone.calls(.parts(.head)).first else { return }
    let (count, spare) = (backbone.tokenCount, head.output - backbone.tokenCount)
    let bias = adaptation.parameter("bias", [count], .zeros, at: head)
    adaptation.around(head) { x, pass, proceed in
      guard spare > 0 else { return proceed(x) + pass[bias] }
      let all = pass[bias].reshaped([count, 1])
        .appending(.zeros([spare, 1]), toEach: Segments(lengths: [count]))
      return proceed(x) + all.reshaped([head.output])
    }
  }
}
