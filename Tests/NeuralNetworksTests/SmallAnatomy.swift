import NeuralNetworks
import TensorEngine

/// A blueprint with one linear layer and one input, for tests of what acts on sites.
struct SmallAnatomy {
  let anatomy: Anatomy
  let linear: Linear
  let norm: FrozenWeight
  let input: Site<Embedding>

  init() {
    var blueprint = Blueprint(width: 2, vocabularySize: 5) { name, shape in
      Tensor(
        (0..<shape.reduce(1, *)).map { Float($0 + 1) * (name == "w" ? 1 : 10) }, shape: shape)
    }
    let path = SitePath(.encoder, 0, .query)
    input = blueprint.input(SitePath(.encoder, nil, .input))
    guard let linear = try? blueprint.linear(path, "w", 2, 3),
      let norm = try? blueprint.weight(SitePath(.encoder, nil, .finalNorm), "n", [2])
    else { preconditionFailure("this source never throws") }
    self.linear = linear
    self.norm = norm
    anatomy = blueprint.anatomy
  }
}
