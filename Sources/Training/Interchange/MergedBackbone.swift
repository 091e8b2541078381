import Backbones
import NeuralNetworks
public import TensorEngine

/// A backbone with an adapter folded into its weights: the same function, and nothing beside it.
///
/// What an adapter does to a linear layer is folded where the layer stays `y = W' x + b'`, which is
/// found out by sending the unit vectors through it; trained weights take the place of the old
/// ones. What acts elsewhere is refused: prompts, prefixes, networks between layers, biases that
/// the model does not have.
public struct MergedBackbone {
  /// The weights that differ from the backbone's, by their checkpoint names; matrices are
  /// `[output, input]`.
  public let weights: [String: Tensor]
  /// The checkpoint names of all weights of the backbone.
  let ownNames: Set<String>

  /// Folds an adapter.
  ///
  /// - Throws: `InterchangeError` for what cannot be folded.
  public init(_ tuned: TunedModel, method: String) throws(InterchangeError) {
    let (model, forward) = (tuned.backbone.model, tuned.forward)
    let anatomy = model.anatomy
    var changed: [SitePath: Tensor] = [:]
    var calls: Set<String> = []
    for parameter in tuned.adaptation.parameters {
      let parts = parameter.name.split(separator: "/").map(String.init)
      if parts.count == 2, parts[1] == "weight",
        let site = anatomy.weights().first(where: { $0.path.description == parts[0] })
      {
        changed[site.path] = tuned.parameters[parameter]
      } else {
        calls.insert(parts[0])
      }
    }
    let linears = anatomy.linears().filter { calls.remove($0.path.description) != nil }
    if let other = calls.min() {
      throw .unmergeable(
        method: method,
        reason: "it acts at \(other), which is no linear layer; keep it as a file of its own")
    }
    for site in linears {
      let biasPath = SitePath.Part(rawValue: site.path.part.rawValue + "-bias")
        .map { SitePath(site.path.stack, site.path.layer, $0) }
      guard site.path.part != .head,
        let weight = changed[site.path] ?? model.weights[site.path]
      else {
        throw .unmergeable(
          method: method, reason: "it acts on the output head, which is the word embeddings")
      }
      let bias = biasPath.flatMap { changed[$0] ?? model.weights[$0] }
      let folded = try Self.fold(site, weight, bias, forward, method: method)
      changed[site.path] = folded.weight
      if let biasPath, bias != nil {
        changed[biasPath] = folded.bias
      } else if folded.bias.scalars.contains(where: { $0 != 0 }) {
        throw .unmergeable(
          method: method,
          reason: "it adds a bias at \(site.path), and the model has none there")
      }
    }
    var weights: [String: Tensor] = [:]
    for (path, tensor) in changed {
      if let name = model.checkpointNames[path] { weights[name] = tensor }
    }
    self.weights = weights
    ownNames = Set(model.checkpointNames.values)
  }

  /// Weight `[output, input]` and bias `[output]` of a layer as the adapter leaves it.
  private static func fold(
    _ site: Site<Call>, _ weight: Tensor, _ bias: Tensor?, _ forward: Forward, method: String
  ) throws(InterchangeError) -> (weight: Tensor, bias: Tensor) {
    let (input, output) = (site.input, site.output)
    func run(_ x: [Float], rows: Int) -> [Float] {
      let layout = RowLayout(segments: Segments(lengths: [rows]))
      return forward.over(layout).call(site, Tensor(x, shape: [rows, input])) {
        let y = $0.matmul(weight, transposingRHS: true)
        return bias.map { y + $0 } ?? y
      }.scalars
    }
    let offset = run(Array(repeating: 0, count: input), rows: 1)
    var units = [Float](repeating: 0, count: input * input)
    for index in 0..<input { units[index * (input + 1)] = 1 }
    let columns = run(units, rows: input)
    var folded = [Float](repeating: 0, count: output * input)
    for from in 0..<input {
      for to in 0..<output {
        folded[to * input + from] = columns[from * output + to] - offset[to]
      }
    }
    // A layer that is not of this form would show on other vectors.
    let probe = (0..<input).map { Float($0 % 7) - 2.5 }
    let actual = run(probe, rows: 1)
    let matrix = Tensor(folded, shape: [output, input])
    let expected = Tensor(probe, shape: [1, input]).matmul(matrix, transposingRHS: true).scalars
    let largest = actual.map(abs).max() ?? 0
    for index in 0..<output
    where !(abs(actual[index] - expected[index] - offset[index]) <= 1e-3 * (1 + largest)) {
      throw .unmergeable(
        method: method, reason: "what it does at \(site.path) is not linear in what enters")
    }
    return (matrix, Tensor(offset, shape: [output]))
  }
}
