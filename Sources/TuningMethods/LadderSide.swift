import NeuralNetworks
import TensorEngine

/// The side network of one stack (arXiv 2206.06522, §3).
struct LadderSide: SideNetwork {
  /// How a side block joins the state with what the backbone's block put out.
  private struct Rung: Sendable {
    let gate: Parameter
    let down: TrainedLinear
    let block: LadderBlock
  }

  /// What a gate's logit is divided by.
  private static let temperature: Float = 0.1

  private let input, output: SitePath
  private let down: TrainedLinear
  private let positionBias: Parameter?
  private let rungs: [Int: Rung]
  private let norm: SideNorm
  /// Where the side's output takes the place of the stack's.
  private let up: TrainedLinear?

  /// Declares the network beside the stack of `input`; `nil` where the stack has no final norm.
  init?(
    _ backbone: Anatomy, _ pruning: Pruning, _ dimensions: Anatomy.Dimensions, layers: [Int],
    beside input: Site<Embedding>, into adaptation: inout Adaptation
  ) {
    let (stack, width) = (input.path.stack, pruning.width)
    guard let end = backbone.calls(.stack(stack) && .parts(.finalNorm)).first else { return nil }
    func between<Kind>(_ name: String, _ from: Int, _ to: Int, _ site: Site<Kind>)
      -> TrainedLinear
    {
      TrainedLinear(name, from, to, .normal(0.01), at: site, into: &adaptation)
    }
    self.input = input.path
    output = end.path
    down = between("side.down", input.output, width, input)
    positionBias = dimensions.bucketCount.map {
      adaptation.parameter(
        "side.position-bias", [$0, dimensions.headCount],
        .frozen(SitePath(stack, 0, .positionBias)), at: input)
    }
    var rungs: [Int: Rung] = [:]
    for site in backbone.calls(.stack(stack) && .parts(.block)) {
      guard let layer = site.path.layer else { continue }
      let gate = adaptation.parameter("side.gate", [1], .zeros, at: site)
      guard layers.contains(layer) else { continue }
      rungs[layer] = Rung(
        gate: gate, down: between("side.down", site.output, width, site),
        block: LadderBlock(
          pruning, dimensions, readsEncoder: backbone.hasEncoder && stack == .decoder, at: site,
          into: &adaptation))
    }
    self.rungs = rungs
    norm = SideNorm(
      "side.norm", pruning, dimensions, from: end.path.part, at: end, into: &adaptation)
    up = stack == .decoder ? between("side.up", width, end.output, end) : nil
  }

  func begin(_ embedded: Tensor, _ pass: Pass) -> Tensor { down(embedded, pass) }

  func advance(
    _ state: Tensor, past layer: Int, _ hidden: Tensor, _ attention: SideAttention, _ pass: Pass,
    remember: (_ keys: Tensor, _ values: Tensor) -> (keys: Tensor, values: Tensor)
  ) -> Tensor {
    guard let rung = rungs[layer] else { return state }
    let gate = ((1 / Self.temperature) * pass[rung.gate]).sigmoid()
    let read = rung.down(hidden, pass)
    // g·h + (1 − g)·d with one product: d + g·(h − d).
    let joined = read + (state + -1 * read).scaled(by: gate)
    return rung.block(
      joined, attention, biasTable: positionBias.map { pass[$0] }, pass, remember: remember)
  }

  func finish(_ state: Tensor, _ output: EmbeddedInput, _ pass: Pass) -> EmbeddedInput {
    var output = output
    let normed = pass.dropped(norm(state, pass), pass.dropout, self.output, "side")
    if let up {
      output.embeddings = up(normed, pass)
    } else {
      output.beside = normed
    }
    return output
  }
}
