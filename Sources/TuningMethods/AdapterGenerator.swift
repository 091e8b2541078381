import NeuralNetworks
import TensorEngine

/// What generates the adapters of one stack from embeddings of task, layer and place
/// (arXiv 2106.04489, §3).
struct AdapterGenerator: Sendable {
  /// An adapter as it was generated for one place.
  struct Adapter {
    let down, downBias, up, upBias, normWeight, normBias: Tensor

    /// `h` `[rows, width]` with what the adapter adds to it.
    func callAsFunction(_ h: Tensor) -> Tensor {
      let inner = (h.matmul(down) + downBias).gelu(approximate: true)
      return h
        + (inner.matmul(up) + upBias)
        .layerNorm(weight: normWeight, bias: normBias, epsilon: AdapterGenerator.epsilon)
    }
  }

  private static let epsilon: Float = 1e-6

  private let task, layer, position, normWeight, normBias: Parameter
  private let first, second: TrainedLinear
  private let down, downBias, up, upBias, outWeight, outBias: TrainedLinear
  private let width, bottleneck: Int

  /// - Parameter task: the embeddings of the tasks, `[tasks, embedding width]`.
  init(
    task: Parameter, layerCount: Int, width: Int, bottleneck: Int, hiddenWidth: Int,
    at site: Site<Embedding>, into adaptation: inout Adaptation
  ) {
    let embeddingWidth = task.shape[1]
    func linear(_ name: String, _ input: Int, _ output: Int) -> TrainedLinear {
      TrainedLinear("hyper.\(name)", input, output, .normal(0.01), at: site, into: &adaptation)
    }
    self.task = task
    self.width = width
    self.bottleneck = bottleneck
    layer = adaptation.parameter(
      "hyper.layer", [layerCount, embeddingWidth], .normal(1), at: site)
    position = adaptation.parameter("hyper.position", [2, embeddingWidth], .normal(1), at: site)
    first = linear("mlp.0", 3 * embeddingWidth, hiddenWidth)
    second = linear("mlp.1", hiddenWidth, embeddingWidth)
    normWeight = adaptation.parameter("hyper.mlp.norm.weight", [embeddingWidth], .ones, at: site)
    normBias = adaptation.parameter("hyper.mlp.norm.bias", [embeddingWidth], .zeros, at: site)
    down = linear("down", embeddingWidth, width * bottleneck)
    downBias = linear("down-bias", embeddingWidth, bottleneck)
    up = linear("up", embeddingWidth, bottleneck * width)
    upBias = linear("up-bias", embeddingWidth, width)
    outWeight = linear("norm-weight", embeddingWidth, width)
    outBias = linear("norm-bias", embeddingWidth, width)
  }

  /// The adapter of a sublayer.
  func adapter(_ site: Site<Call>, _ pass: Pass) -> Adapter {
    func made(_ name: String, _ generator: TrainedLinear, _ shape: Shape) -> Tensor {
      pass.once(site.path, "hyper.\(name)") {
        generator(code(of: site.path, pass), pass).reshaped(shape)
      }
    }
    return Adapter(
      down: made("down", down, [width, bottleneck]),
      downBias: made("down-bias", downBias, [bottleneck]),
      up: made("up", up, [bottleneck, width]), upBias: made("up-bias", upBias, [width]),
      normWeight: made("norm-weight", outWeight, [width]),
      normBias: made("norm-bias", outBias, [width]))
  }

  /// What an adapter is generated from, `[1, embedding width]`.
  private func code(of path: SitePath, _ pass: Pass) -> Tensor {
    pass.once(path, "hyper.code") {
      let position = path.part == .attention ? 0 : 1
      let places = [(task, pass.task), (layer, path.layer ?? 0), (self.position, position)]
      let joined = Tensor(joiningColumns: places.map { pass[$0].rows($1..<$1 + 1) })
      return second(first(joined, pass).relu(), pass)
        .layerNorm(weight: pass[normWeight], bias: pass[normBias], epsilon: Self.epsilon)
    }
  }
}
