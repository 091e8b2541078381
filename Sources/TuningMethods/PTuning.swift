public import NeuralNetworks
import TensorEngine

/// P-tuning: the prompt before the embedded source is what a small network makes of trained
/// vectors, `X = [f(V); E]` with `V` `[length, width]` (arXiv 2103.10385).
///
/// `V` starts normal with deviation 1, as PyTorch's `Embedding`; the network as PyTorch's layers.
/// Where the backbone is frozen this is what PEFT calls P-tuning; its guide has 20 vectors, a
/// hidden width of 128 and the rate 1e-3.
public struct PTuning: TuningMethod {
  /// The network *f* from `[length, width]` to `[length, width]`; *h* is the hidden width.
  public enum Encoder: String, Hashable, Sendable, Codable, CaseIterable {
    /// Linear width → h, ReLU, linear h → h, ReLU, linear h → width: PEFT's.
    case mlp
    /// Two layers of bidirectional LSTM with states of width h, then linear 2h → 2h, ReLU, linear
    /// 2h → width: the paper's.
    case lstm
    /// Linear width → h, tanh, linear h → width: that of the vision–language baselines in
    /// arXiv 2206.06522, which has 40 vectors and h = 800.
    case tanh
  }

  public static let name = "p-tuning"
  public static let title = "P-tuning"
  public static let reference = Citation(
    "Liu et al., GPT understands, too, 2021", arXiv: "2103.10385")
  public static let formula = "X = [f(V); E], V [l, width], f an MLP or LSTM with hidden width h"

  /// Soft tokens, *l*.
  public var length: Int
  /// The hidden width of the network, *h*.
  public var hiddenWidth: Int
  /// The network.
  public var encoder: Encoder

  public init(length: Int = 20, hiddenWidth: Int = 128, encoder: Encoder = .mlp) {
    self.length = length
    self.hiddenWidth = hiddenWidth
    self.encoder = encoder
  }

  public var defaultLearningRates: LearningRates { LearningRates(1e-3) }
  public var issues: [String] {
    HyperparameterRange.issue("P-tuning's length", length, atLeast: 1)
      + HyperparameterRange.issue("P-tuning's hiddenWidth", hiddenWidth, atLeast: 1)
  }

  public func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
    guard let site = backbone.sourceInput else { return }
    let vectors = adaptation.parameter(
      "p-tuning.embedding", [length, site.output], .normal(1), at: site)
    let network = network(at: site, into: &adaptation)
    adaptation.editInput(site) { input, pass in
      input.prepending(pass.once(site.path, "p-tuning") { network(pass[vectors], pass) })
    }
  }

  private func network(
    at site: Site<Embedding>, into adaptation: inout Adaptation
  ) -> @Sendable (Tensor, Pass) -> Tensor {
    let (width, hidden) = (site.output, hiddenWidth)
    func layers(_ widths: [Int]) -> [TrainedLinear] {
      zip(widths, widths.dropFirst()).enumerated().map { index, ends in
        TrainedLinear(
          "p-tuning.mlp.\(index)", ends.0, ends.1, at: site, into: &adaptation)
      }
    }
    switch encoder {
    case .mlp:
      let all = layers([width, hidden, hidden, width])
      return { x, pass in all[2](all[1](all[0](x, pass).relu(), pass).relu(), pass) }
    case .tanh:
      let all = layers([width, hidden, width])
      return { x, pass in all[1](all[0](x, pass).tanh(), pass) }
    case .lstm:
      let lstm = BidirectionalLSTM(
        "p-tuning.lstm", layerCount: 2, width, hidden, at: site, into: &adaptation)
      let all = layers([2 * hidden, 2 * hidden, width])
      return { x, pass in all[1](all[0](lstm(x, pass), pass).relu(), pass) }
    }
  }
}
