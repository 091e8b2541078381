import NeuralNetworks
import TensorEngine
import Training

/// A decoder whose queries, keys and values are one module, as GPT-2's are: shapes, no weights.
enum FusedModel {
  static let width = 4
  static let innerWidth = 6

  static func described(layers: Int = 2) throws -> HuggingFaceModel {
    var blueprint = Blueprint(width: width, vocabularySize: 11) { _, shape in .zeros(shape) }
    _ = blueprint.input(SitePath(.decoder, nil, .input))
    _ = try blueprint.weight(
      SitePath(.shared, nil, .embedding), "transformer.wte.weight", [11, width])
    for layer in 0..<layers {
      let name = "transformer.h.\(layer)"
      func path(_ part: SitePath.Part) -> SitePath { SitePath(.decoder, layer, part) }
      for part in [SitePath.Part.query, .key, .value] {
        _ = try blueprint.linear(
          path(part), "\(name).attn.c_attn.weight[\(part.rawValue)]", width, width)
      }
      _ = try blueprint.linear(path(.output), "\(name).attn.c_proj.weight", width, width)
      _ = try blueprint.linear(path(.up), "\(name).mlp.c_fc.weight", width, innerWidth)
      _ = try blueprint.linear(path(.down), "\(name).mlp.c_proj.weight", innerWidth, width)
      _ = blueprint.attention(path(.attention), width)
      _ = blueprint.call(path(.block), width, width)
    }
    _ = blueprint.call(SitePath(.decoder, nil, .head), width, 11)
    return HuggingFaceModel(
      anatomy: blueprint.anatomy, checkpointNames: blueprint.checkpointNames, headCount: 2,
      name: "fused")
  }
}
