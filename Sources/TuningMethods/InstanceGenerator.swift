import NeuralNetworks
import TensorEngine

/// What generates the adapters of a decoder, for each source its own (arXiv 2203.08304, §3).
struct InstanceGenerator: Sendable {
  private let input: SitePath
  private let encode: [TrainedLinear]
  private let layer: Parameter
  private let hidden, down, downBias, up, upBias: TrainedLinear

  init(
    _ method: HyperDecoder, layerCount: Int, width: Int, at site: Site<Embedding>,
    into adaptation: inout Adaptation
  ) {
    let inner = method.hiddenWidth
    let bottleneck = method.bottleneck
    func linear(
      _ name: String, _ input: Int, _ output: Int, _ weights: Initializer,
      _ biases: Initializer = .zeros
    ) -> TrainedLinear {
      TrainedLinear(
        "hyper.\(name)", input, output, weights, biases: biases, at: site, into: &adaptation)
    }
    func layer(_ name: String, _ input: Int, _ output: Int) -> TrainedLinear {
      linear(name, input, output, .kaimingUniform(fanIn: input), .kaimingUniform(fanIn: input))
    }
    // So that what is generated is as small as if it had been drawn for its own input.
    func generator(_ name: String, _ output: Int, read: Int) -> TrainedLinear {
      linear(name, inner, output, .uniform(1e-3 * (3 / Float(inner * read)).squareRoot()))
    }
    input = site.path
    encode = method.encodesSources ? (0..<2).map { layer("encode.\($0)", width, width) } : []
    self.layer = adaptation.parameter(
      "hyper.layer", [layerCount, method.layerWidth], .normal(1), at: site)
    hidden = layer("mlp", width + method.layerWidth, inner)
    down = generator("down", width * bottleneck, read: width)
    downBias = generator("down-bias", bottleneck, read: 1)
    up = generator("up", bottleneck * width, read: bottleneck)
    upBias = generator("up-bias", width, read: 1)
  }

  /// `x` `[rows, width]` with what each source's adapter adds to the rows that answer it.
  func adapt(_ x: Tensor, _ path: SitePath, _ pass: Pass) -> Tensor {
    let rows = pass.rowsBySource
    func made(_ name: String, _ generator: TrainedLinear) -> Tensor {
      pass.once(path, "hyper.\(name)") { generator(code(of: path, pass), pass) }
    }
    let inner = x.matmul(each: made("down", down), rows)
      .adding(each: made("down-bias", downBias), rows).relu()
    return x
      + inner.matmul(each: made("up", up), rows).adding(each: made("up-bias", upBias), rows)
  }

  /// What the adapters of one layer are generated from, `[sources, hidden width]`.
  private func code(of path: SitePath, _ pass: Pass) -> Tensor {
    pass.once(path, "hyper.code") {
      let sources = sources(pass)
      let index = Int32(path.layer ?? 0)
      let layers = pass[layer].gathering(Array(repeating: index, count: sources.shape[0]))
      return hidden(Tensor(joiningColumns: [sources, layers]), pass).relu()
    }
  }

  /// What is known of each source, `[sources, width]`.
  private func sources(_ pass: Pass) -> Tensor {
    guard let encoded = pass.encoded else {
      preconditionFailure("a decoder beside an encoder sees its hidden states")
    }
    return pass.once(input, "hyper.sources") {
      let mean = encoded.embeddings.mean(of: encoded.segments)
      return encode.enumerated().reduce(mean) { x, layer in
        let (index, linear) = layer
        return linear(index == 0 ? x : x.relu(), pass)
      }
    }
  }
}
